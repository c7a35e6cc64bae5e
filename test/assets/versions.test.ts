import { describe } from "bun:test";
import { assetsContract } from "../contracts/assets.ts";
import { testPostgres } from "../support/postgres.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";

const server = await testPostgres();

assetsContract("SQLite", sqlitePlace);

describe.skipIf(!server)("PostgreSQL", () => {
  if (server) assetsContract("PostgreSQL", () => postgresPlace(server));
});
