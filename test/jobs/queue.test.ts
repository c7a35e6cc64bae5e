import { describe } from "bun:test";
import { queueContract } from "../contracts/queue.ts";
import { testPostgres } from "../support/postgres.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";

const server = await testPostgres();

queueContract("SQLite", sqlitePlace);

describe.skipIf(!server)("PostgreSQL", () => {
  if (server) queueContract("PostgreSQL", () => postgresPlace(server));
});
