import { describe } from "bun:test";
import { accountsContract } from "../contracts/accounts.ts";
import { testPostgres } from "../support/postgres.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";

const server = await testPostgres();

accountsContract("SQLite", sqlitePlace);

describe.skipIf(!server)("PostgreSQL", () => {
  if (server) accountsContract("PostgreSQL", () => postgresPlace(server));
});
