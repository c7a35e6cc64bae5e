import { describe } from "bun:test";
import { runnerContract } from "../contracts/runner.ts";
import { testPostgres } from "../support/postgres.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";

const server = await testPostgres();

runnerContract("SQLite", sqlitePlace);

describe.skipIf(!server)("PostgreSQL", () => {
  if (server) runnerContract("PostgreSQL", () => postgresPlace(server));
});
