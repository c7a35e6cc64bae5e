import type { Tx } from "./store.ts";

/**
 * Has whoever counts what a user has, to add to it, do so one after the other: two at once would
 * each see the room that only one of them can have. Writing the row locks it on both engines.
 */
export async function holdUser(tx: Tx, userId: string): Promise<void> {
  await tx.query
    .updateTable("users")
    .set((e) => ({ plan: e.ref("plan") }))
    .where("id", "=", userId)
    .execute();
}
