import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createApiKey, keysMax, listApiKeys, revokeApiKey } from "../../src/accounts/api-keys.ts";
import { openKeyRing } from "../../src/accounts/key-ring.ts";
import { makeRoomForSession, sessionsMax, toMillis } from "../../src/accounts/sessions.ts";
import { holdRole, updateUser } from "../../src/accounts/users.ts";
import type { Store } from "../../src/db/store.ts";
import { codeOf } from "../support/app-error.ts";
import { createManualClock, type ManualClock } from "../support/manual-clock.ts";
import { addUser, sessionHeaders } from "../support/sign-in.ts";
import { silentLog } from "../support/silent-log.ts";
import { until } from "../support/until.ts";
import type { StorePlace } from "./store.ts";

const secret = "the secret of a server";

/** How much one account may have, and who hears when it may no more, on every store. */
export function accountBoundsContract(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(`what an account may have on ${name}`, () => {
    let clock: ManualClock;
    let place: StorePlace;
    let store: Store;
    let userId: string;
    beforeEach(async () => {
      clock = createManualClock();
      place = await createPlace();
      store = await place.open(clock);
      userId = await addUser(store);
    });
    afterEach(() => store.close());

    const make = (of = userId) =>
      store.write((tx) =>
        createApiKey(tx, { userId: of, name: "k", scopes: ["read"], expiresAt: undefined }),
      );

    test("a user has a hundred keys at most, also of many made at once", async () => {
      for (let count = 2; count < keysMax; count += 1) await make();
      const last = await Promise.allSettled([make(), make(), make()]);
      expect(last.map(({ status }) => status).sort()).toEqual([
        "fulfilled",
        "fulfilled",
        "rejected",
      ]);
      expect(await codeOf(make())).toBe("conflict");
      await make(await addUser(store));
    });

    test("keys that ended by their time make room, and not before it is needed", async () => {
      const short = { userId, name: "short", scopes: ["read"], expiresAt: 1 } as const;
      for (let count = 0; count < 10; count += 1) {
        await store.write((tx) => createApiKey(tx, short));
      }
      for (let count = 10; count < keysMax; count += 1) await make();
      expect(await listApiKeys(store, userId)).toHaveLength(keysMax);
      await make();
      const left = await listApiKeys(store, userId);
      expect(left.map(({ name }) => name)).toEqual(Array(keysMax - 9).fill("k"));
    });

    test("a key ends those that were made with it, and those made with these", async () => {
      const makeWith = (madeWith: string) =>
        store.write((tx) =>
          createApiKey(tx, {
            ...{ userId, name: "made", scopes: ["read"], expiresAt: undefined, madeWith },
          }),
        );
      const { view: own } = await make();
      const { view: found } = await make();
      const { view: made } = await makeWith(found.id);
      await makeWith(made.id);
      await store.write((tx) => revokeApiKey(tx, { id: made.id, userId }));
      await makeWith(found.id);
      expect(await listApiKeys(store, userId)).toHaveLength(3);
      await store.write((tx) => revokeApiKey(tx, { id: found.id, userId }));
      expect((await listApiKeys(store, userId)).map(({ id }) => id)).toEqual([own.id]);
      expect(await codeOf(makeWith(found.id))).toBe("unauthenticated");
    });

    test("a user has a hundred sessions at most: the oldest ends for another", async () => {
      const sessions = async () =>
        (await store.read.selectFrom("auth_sessions").select("created_at").execute()).length;
      const other = await addUser(store);
      await sessionHeaders({ store, secret }, other, clock.now() - 86_400_000);
      for (let count = 0; count < sessionsMax + 5; count += 1) {
        await sessionHeaders({ store, secret }, userId, clock.now() + count * 1000);
      }
      await store.write((tx) => makeRoomForSession(tx, userId, new Date(clock.now())));
      // With room for one more, and the other user's as it was.
      expect(await sessions()).toBe(sessionsMax);
      const first = await store.read
        .selectFrom("auth_sessions")
        .select("created_at")
        .where("user_id", "=", userId)
        .orderBy("created_at")
        .executeTakeFirstOrThrow();
      expect(toMillis(first.created_at)).toBe(clock.now() + 6000);
    });

    test("of two administrators who shut each other out, one stays", async () => {
      const ids = [
        await addUser(store, { role: "admin" }),
        await addUser(store, { role: "admin" }),
      ];
      const shutOut = async (by: string, whom: string) =>
        store.write(async (tx) => {
          if ((await holdRole(tx, by)) !== "admin") throw new Error("too late");
          await updateUser(tx, whom, { isDisabled: true });
        });
      const [ann = "", bob = ""] = ids;
      const both = await Promise.allSettled([shutOut(ann, bob), shutOut(bob, ann)]);
      expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    });

    test("a key that is revoked on one machine is refused on the others at once", async () => {
      if (!store.isShared) return;
      const other = await place.open(clock);
      const ring = openKeyRing({ store: other, clock, log: silentLog });
      const { key, view } = await make();
      expect(await ring.find(key)).toBeDefined();
      await store.write((tx) => revokeApiKey(tx, { id: view.id, userId }));
      await until(async () => (await ring.find(key)) === undefined);
      await ring.close();
      await other.close();
    });
  });
}
