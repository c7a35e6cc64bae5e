import { expect, test } from "bun:test";
import { createApiKey } from "../../src/accounts/api-keys.ts";
import { scopes } from "../../src/accounts/caller.ts";
import { openKeyRing } from "../../src/accounts/key-ring.ts";
import { makeAdmin } from "../../src/accounts/setup.ts";
import { signUp } from "../../src/accounts/sign-up.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { quickPasswords } from "../support/quick-passwords.ts";
import { sessionHeaders } from "../support/sign-in.ts";
import { silentLog } from "../support/silent-log.ts";
import { sqlitePlace } from "../support/stores.ts";

test("whoever registered the first administrator's address before holds nothing of it", async () => {
  const clock = createManualClock();
  const store = await (await sqlitePlace()).open(clock);
  const deps = { store, clock, passwords: quickPasswords };
  const somebody = { email: "boss@example.com", name: "?", password: "waiting", invite: undefined };
  const userId = await signUp({ ...deps, config: { signups: "open" } }, somebody);
  const input = { userId, name: "waiting", scopes, expiresAt: undefined };
  const { key } = await store.write((tx) => createApiKey(tx, input));
  await sessionHeaders({ store, secret: "secret" }, userId);
  await store.write(({ query }) =>
    query.updateTable("auth_accounts").set({ provider_id: "github" }).execute(),
  );

  await makeAdmin(deps, { email: somebody.email, password: "from the operator" });

  const keyRing = openKeyRing({ store, clock, log: silentLog });
  expect(await keyRing.find(key)).toBeUndefined();
  const ways = await store.read.selectFrom("auth_accounts").select("provider_id").execute();
  expect(ways).toEqual([{ provider_id: "credential" }]);
  expect(await store.read.selectFrom("auth_sessions").select("id").execute()).toEqual([]);
  const user = await store.read
    .selectFrom("users")
    .select(["role", "email_verified"])
    .where("id", "=", userId)
    .executeTakeFirstOrThrow();
  expect({ ...user, email_verified: Boolean(user.email_verified) }).toEqual({
    role: "admin",
    email_verified: true,
  });
  await keyRing.close();
  await store.close();
});
