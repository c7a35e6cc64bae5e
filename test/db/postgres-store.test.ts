import { describe } from "bun:test";
import { storeContract } from "../contracts/store.ts";
import { testPostgres } from "../support/postgres.ts";
import { emptyPostgresPlace } from "../support/stores.ts";

const server = await testPostgres();

describe.skipIf(!server)("PostgreSQL", () => {
  if (server) storeContract("PostgreSQL", () => emptyPostgresPlace(server));
});
