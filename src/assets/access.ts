import type { Kysely } from "kysely";
import type { Schema } from "../db/schema.ts";
import { AppError, toAppError } from "../errors.ts";
import { getProjectFor, type ProjectRole } from "../projects/roles.ts";
import type { AssetView } from "./request.ts";
import { findAssetView } from "./store.ts";

/**
 * An asset as a user may use it.
 * @throws AppError `not_found` when there is none or the user has no part in its project, which
 * look the same; `forbidden` when their role does not allow what is needed.
 */
export async function getAssetFor(
  query: Kysely<Schema>,
  { assetId, userId }: { readonly assetId: string; readonly userId: string },
  need: ProjectRole,
): Promise<AssetView> {
  const view = await findAssetView(query, assetId);
  if (!view) throw new AppError("not_found", "not found");
  const projectId = view.asset.project_id;
  await getProjectFor(query, { projectId, userId }, need).catch((thrown) => {
    const error = toAppError(thrown);
    throw error.code === "not_found" ? new AppError("not_found", "not found") : error;
  });
  return view;
}
