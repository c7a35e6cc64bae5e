import type { Store } from "./store.ts";

/** Commits one small row: only a real write finds a full disk or a read-only server. */
export async function checkWrite(store: Pick<Store, "write">): Promise<void> {
  await store.write((tx) =>
    tx.query
      .insertInto("settings")
      .values({ key: "write_check", value: "{}", updated_at: tx.now })
      .onConflict((oc) => oc.column("key").doUpdateSet({ updated_at: tx.now }))
      .execute(),
  );
}
