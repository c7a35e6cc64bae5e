import { describe } from "bun:test";
import { eventStreamsContract } from "../contracts/event-streams.ts";
import { testPostgres } from "../support/postgres.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";

const server = await testPostgres();

eventStreamsContract("SQLite", sqlitePlace);

describe.skipIf(!server)("PostgreSQL", () => {
  if (server) eventStreamsContract("PostgreSQL", () => postgresPlace(server));
});
