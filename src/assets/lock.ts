import type { Asset } from "../db/schema.ts";
import type { Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";

/**
 * The asset's row, held until the transaction ends: whoever changes what is served does so one
 * after the other, on both engines.
 * @throws AppError `not_found` when there is none, or it was deleted.
 */
export async function lockAsset(tx: Tx, assetId: string): Promise<Asset> {
  const asset = await tx.query
    .updateTable("assets")
    .set({ updated_at: tx.now })
    .where("id", "=", assetId)
    .where("deleted_at", "is", null)
    .returningAll()
    .executeTakeFirst();
  if (!asset) throw new AppError("not_found", "not found");
  return asset;
}
