import type { Store, Tx } from "../db/store.ts";
import { AppError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import { findProject } from "../projects/project.ts";
import { startGeneration } from "./generations.ts";
import { assetId } from "./id.ts";
import type { AssetRequest, AssetView } from "./request.ts";
import { findAssetView } from "./store.ts";

export interface EnsureDeps {
  readonly store: Store;
  readonly clock: { now(): number };
  readonly createId: () => string;
}

export type EnsureAsset = (
  request: AssetRequest,
  context: { readonly requestId: string },
) => Promise<AssetView>;

/**
 * Makes sure that a request has its asset: one row, one generation, one charge, however many ask
 * at once. Within this process the first caller writes and the others wait for it; between
 * processes the primary key decides.
 */
export function createEnsureAsset(deps: EnsureDeps): EnsureAsset {
  const inFlight = new Map<string, Promise<AssetView>>();
  return (request, context) => {
    const id = assetId(request);
    const running = inFlight.get(id);
    if (running) return running;
    const started = ensure(deps, id, request, context.requestId).finally(() => inFlight.delete(id));
    inFlight.set(id, started);
    return started;
  };
}

async function ensure(
  deps: EnsureDeps,
  id: string,
  request: AssetRequest,
  requestId: string,
): Promise<AssetView> {
  const found = await findAssetView(deps.store.read, id);
  if (found) return found;
  await deps.store.write(async (tx) => {
    if (await insertAsset(tx, id, request)) await startFirst(deps, tx, id, requestId);
    failpoint("before_ensure_commit");
  });
  failpoint("after_ensure_commit");
  const view = await findAssetView(deps.store.read, id);
  if (!view) throw new AppError("not_found", "not found");
  return view;
}

/**
 * Inserts the row, or takes up again one that was deleted: it keeps its count of generations, so
 * that no version number is given twice.
 * @returns false when the asset is there already.
 */
async function insertAsset(tx: Tx, id: string, request: AssetRequest): Promise<boolean> {
  const values = {
    src_url: request.src,
    prompt: request.prompt ?? null,
    idem: request.idem ?? null,
    motion: request.motion,
    mode: request.mode,
    dur_seconds: request.durSeconds,
    seed: request.seed ?? null,
    aspect: request.aspect,
    status: "pending",
    current_generation_id: null,
    newest_generation_id: null,
    created_at: tx.now,
    updated_at: tx.now,
    ready_at: null,
    deleted_at: null,
  };
  const inserted = await tx.query
    .insertInto("assets")
    .values({ ...values, id, project_id: request.projectId, generation_count: 0 })
    .onConflict((oc) =>
      oc.column("id").doUpdateSet(values).where("assets.deleted_at", "is not", null),
    )
    .returning("id")
    .executeTakeFirst();
  return inserted !== undefined;
}

async function startFirst(deps: EnsureDeps, tx: Tx, id: string, requestId: string): Promise<void> {
  const asset = await tx.query
    .selectFrom("assets")
    .selectAll()
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  const project = await findProject(tx.query, asset.project_id);
  if (!project || project.deleted_at !== null) {
    throw new AppError("unknown_project_key", "unknown project key");
  }
  await startGeneration(tx, {
    id: deps.createId(),
    asset,
    ownerId: project.owner_id,
    overageEnabled: project.overage_enabled === 1,
    requestId,
    nowMs: deps.clock.now(),
  });
}
