import { describe } from "bun:test";
import { runnerContract } from "../contracts/runner.ts";
import { runnerFaultsContract } from "../contracts/runner-faults.ts";
import { testPostgres } from "../support/postgres.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";

const server = await testPostgres();

runnerContract("SQLite", sqlitePlace);
runnerFaultsContract("SQLite", sqlitePlace);

describe.skipIf(!server)("PostgreSQL", () => {
  if (!server) return;
  runnerContract("PostgreSQL", () => postgresPlace(server));
  runnerFaultsContract("PostgreSQL", () => postgresPlace(server));
});
