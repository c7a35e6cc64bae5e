import type { Migrations } from "./migrate.ts";
import { createSchema } from "./migrations/0001-schema.ts";
import { addSight } from "./migrations/0002-sight.ts";
import { addRenditions } from "./migrations/0003-renditions.ts";
import { addDisabledUsers } from "./migrations/0004-disabled-users.ts";
import { addCrawl } from "./migrations/0005-crawl.ts";
import { addAssetDeletion } from "./migrations/0006-assets.ts";
import { addDeliveryQueue } from "./migrations/0007-deliveries.ts";
import { addKeyMakers } from "./migrations/0008-key-makers.ts";
import type { ColumnTypes } from "./migrations/column-types.ts";

/** Every migration ever released, in order. A new one is added at the end; none is edited. */
export function migrationsFor(types: ColumnTypes): Migrations {
  return {
    "0001_schema": { up: (db) => createSchema(db, types) },
    "0002_sight": { up: (db) => addSight(db) },
    "0003_renditions": { up: (db) => addRenditions(db, types) },
    "0004_disabled_users": { up: (db) => addDisabledUsers(db, types) },
    "0005_crawl": { up: (db) => addCrawl(db) },
    "0006_assets": { up: (db) => addAssetDeletion(db, types) },
    "0007_deliveries": { up: (db) => addDeliveryQueue(db) },
    "0008_key_makers": { up: (db) => addKeyMakers(db) },
  };
}
