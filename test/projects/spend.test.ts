import { describe } from "bun:test";
import { spendContract } from "../contracts/spend.ts";
import { testPostgres } from "../support/postgres.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";

const server = await testPostgres();

spendContract("SQLite", sqlitePlace);

describe.skipIf(!server)("PostgreSQL", () => {
  if (server) spendContract("PostgreSQL", () => postgresPlace(server));
});
