import { describe } from "bun:test";
import { projectContract } from "../contracts/projects.ts";
import { testPostgres } from "../support/postgres.ts";
import { postgresPlace, sqlitePlace } from "../support/stores.ts";

const server = await testPostgres();

projectContract("SQLite", sqlitePlace);

describe.skipIf(!server)("PostgreSQL", () => {
  if (server) projectContract("PostgreSQL", () => postgresPlace(server));
});
