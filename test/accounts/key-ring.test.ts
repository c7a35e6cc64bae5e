import { afterAll, expect, test } from "bun:test";
import { createApiKey, revokeApiKey } from "../../src/accounts/api-keys.ts";
import { openKeyRing } from "../../src/accounts/key-ring.ts";
import { updateUser } from "../../src/accounts/users.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { addUser } from "../support/sign-in.ts";
import { silentLog } from "../support/silent-log.ts";
import { sqlitePlace } from "../support/stores.ts";

const clock = createManualClock();
const store = await (await sqlitePlace()).open(clock);
afterAll(() => store.close());
const userId = await addUser(store, { role: "admin" });
const make = () =>
  store.write((tx) =>
    createApiKey(tx, { userId, name: "k", scopes: ["read"], expiresAt: undefined }),
  );
const revoke = (id: string) => store.write((tx) => revokeApiKey(tx, { id, userId }));

test("a key says whose it is and what it may", async () => {
  const ring = openKeyRing({ store, clock, log: silentLog });
  const { key, view } = await make();
  expect(await ring.find(key)).toEqual({
    ...{ userId, role: "admin", via: "key", scopes: ["read"] },
    key: { id: view.id, endsAt: undefined },
  });
  for (const other of ["", key.slice(1), `${key}x`, key.toLowerCase(), key.replace("_", "-")]) {
    expect(await ring.find(other)).toBeUndefined();
  }
  await ring.close();
});

test("a key that is revoked works no more; revoked behind the server's back, for 15 s", async () => {
  const ring = openKeyRing({ store, clock, log: silentLog });
  const [here, elsewhere] = [await make(), await make()];
  await ring.find(here.key);
  await revoke(here.view.id);
  expect(await ring.find(here.key)).toBeUndefined();
  await ring.find(elsewhere.key);
  // As the command line does it: nobody here is woken.
  await store.write((tx) => {
    const silent = { query: tx.query, now: tx.now, wake() {} };
    return revokeApiKey(silent, { id: elsewhere.view.id, userId });
  });
  expect(await ring.find(elsewhere.key)).toBeDefined();
  clock.advance(15_000);
  expect(await ring.find(elsewhere.key)).toBeUndefined();
  await ring.close();
});

test("another role is known at once, and who is shut out has no keys", async () => {
  const ring = openKeyRing({ store, clock, log: silentLog });
  const id = await addUser(store);
  const input = { userId: id, name: "k", scopes: ["read"], expiresAt: undefined } as const;
  const { key } = await store.write((tx) => createApiKey(tx, input));
  expect(await ring.find(key)).toMatchObject({ role: "user" });
  await store.write((tx) => updateUser(tx, id, { role: "admin" }));
  expect(await ring.find(key)).toMatchObject({ role: "admin" });
  await store.write((tx) => updateUser(tx, id, { isDisabled: true }));
  expect(await ring.find(key)).toBeUndefined();
  await ring.close();
});

test("a key that is revoked while it is looked up is not remembered", async () => {
  const { key, view } = await make();
  const ring = openKeyRing({ store, clock, log: silentLog });
  const looking = ring.find(key);
  await Promise.all([looking, revoke(view.id)]);
  expect(await ring.find(key)).toBeUndefined();
  await ring.close();
});

test("what was used is written down when the ring closes, and no timer is left", async () => {
  const { key, view } = await make();
  // A clock of its own: the store has timers, too.
  const ringClock = createManualClock();
  const ring = openKeyRing({ store, clock: ringClock, log: silentLog });
  await ring.find(key);
  await ring.find(key);
  expect(ringClock.pending).toBe(1);
  await ring.close();
  expect(ringClock.pending).toBe(0);
  const row = await store.read
    .selectFrom("api_keys")
    .select("last_used_at")
    .where("id", "=", view.id)
    .executeTakeFirst();
  expect(row?.last_used_at).toBe(ringClock.now());
});
