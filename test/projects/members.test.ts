import { describe } from "bun:test";
import { memberContract } from "../contracts/members.ts";
import { testPostgres } from "../support/postgres.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";

const server = await testPostgres();

memberContract("SQLite", sqlitePlace);

describe.skipIf(!server)("PostgreSQL", () => {
  if (server) memberContract("PostgreSQL", () => postgresPlace(server));
});
