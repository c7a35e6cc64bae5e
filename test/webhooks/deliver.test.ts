import { describe } from "bun:test";
import { webhookContract } from "../contracts/webhooks.ts";
import { testPostgres } from "../support/postgres.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";

const server = await testPostgres();

webhookContract("SQLite", sqlitePlace);

describe.skipIf(!server)("PostgreSQL", () => {
  if (!server) return;
  webhookContract("PostgreSQL", () => postgresPlace(server));
});
