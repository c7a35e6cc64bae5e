import { describe } from "bun:test";
import { accountBoundsContract } from "../contracts/account-bounds.ts";
import { testPostgres } from "../support/postgres.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";

const server = await testPostgres();

accountBoundsContract("SQLite", sqlitePlace);

describe.skipIf(!server)("PostgreSQL", () => {
  if (server) accountBoundsContract("PostgreSQL", () => postgresPlace(server));
});
