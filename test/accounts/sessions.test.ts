import { describe, expect, test } from "bun:test";
import { createAuth } from "../../src/accounts/auth.ts";
import { sessionSeconds } from "../../src/accounts/sessions.ts";
import { signUp } from "../../src/accounts/sign-up.ts";
import type { StorePlace } from "../contracts/store.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { testPostgres } from "../support/postgres.ts";
import { quickPasswords as passwords } from "../support/quick-passwords.ts";
import { sessionHeaders } from "../support/sign-in.ts";
import { silentLog } from "../support/silent-log.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";

const server = await testPostgres();
const secret = "a secret that signs the cookies of tests";
const ann = { email: "ann@example.com", name: "Ann", password: "correct horse", invite: undefined };

const forgetsEnded = (createPlace: () => Promise<StorePlace>) => async () => {
  const clock = createManualClock();
  const store = await (await createPlace()).open(clock);
  const config = { signups: "open" } as const;
  const userId = await signUp({ store, clock, passwords, config }, ann);
  await sessionHeaders({ store, secret }, userId, Date.now() - sessionSeconds * 1000);
  await sessionHeaders({ store, secret }, userId, Date.now() - 1000);
  const deps = { store, log: silentLog, secret, baseUrl: "http://localhost:1", config };
  const auth = createAuth({ ...deps, passwords, providers: [] });
  await auth.signIn(ann, { address: "203.0.113.7", userAgent: undefined });
  const left = await store.read.selectFrom("auth_sessions").select("id").execute();
  expect(left).toHaveLength(2);
  await store.close();
};

describe("signing in forgets the user's sessions that have ended", () => {
  test("on SQLite", forgetsEnded(sqlitePlace));
  test.skipIf(!server)(
    "on PostgreSQL",
    forgetsEnded(async () => {
      if (!server) throw new Error("no PostgreSQL");
      return postgresPlace(server);
    }),
  );
});
