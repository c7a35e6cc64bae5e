import { describe } from "bun:test";
import { webhookRetryContract } from "../contracts/webhook-retries.ts";
import { webhookContract } from "../contracts/webhooks.ts";
import { testPostgres } from "../support/postgres.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";

const server = await testPostgres();

webhookContract("SQLite", sqlitePlace);
webhookRetryContract("SQLite", sqlitePlace);

describe.skipIf(!server)("PostgreSQL", () => {
  if (!server) return;
  webhookContract("PostgreSQL", () => postgresPlace(server));
  webhookRetryContract("PostgreSQL", () => postgresPlace(server));
});
