import { describe } from "bun:test";
import { eventLogContract } from "../contracts/event-log.ts";
import { testPostgres } from "../support/postgres.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";

const server = await testPostgres();

eventLogContract("SQLite", sqlitePlace);

describe.skipIf(!server)("PostgreSQL", () => {
  if (server) eventLogContract("PostgreSQL", () => postgresPlace(server));
});
