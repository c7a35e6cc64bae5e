import { storeContract } from "../../contracts/store.ts";
import { sqlitePlace } from "../../support/stores.ts";

storeContract("SQLite", sqlitePlace);
