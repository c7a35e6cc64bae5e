import { Elysia, t } from "elysia";
import type { Caller } from "../../accounts/caller.ts";
import { getAssetFor } from "../../assets/access.ts";
import { cancelAsset } from "../../assets/cancel.ts";
import { type RegenerateChanges, regenerateAsset } from "../../assets/regenerate.ts";
import { deleteAsset, deleteAssetsOfSource, deletedAtOnceMax } from "../../assets/remove.ts";
import { findAssetView } from "../../assets/store.ts";
import { activateGeneration } from "../../assets/versions.ts";
import type { Store } from "../../db/store.ts";
import { getProjectFor, hasOwned } from "../../projects/roles.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { fieldError } from "../answer/field-error.ts";
import { withUpgradeUrl } from "../answer/limit-refusal.ts";
import { errorBody } from "../answer/schemas.ts";
import type { RequestContext } from "../request/context.ts";
import { describeAsset, statusOf } from "./asset-json.ts";
import {
  assetBody,
  assetParams,
  durationField,
  modeField,
  motionField,
  projectParams,
  promptField,
  seedField,
  statusBody,
} from "./asset-schemas.ts";

export interface AssetActionsDeps {
  readonly store: Store;
  readonly clock: { now(): number };
  readonly createId: () => string;
  readonly baseUrl: string;
  readonly upgradeUrl: string | undefined;
}

/**
 * Nothing in the body repeats the run with another seed; nothing at all is read as an object
 * without fields. Not optional to the framework, which then lets a number or an empty list pass.
 */
const regenerateBody = t.Object(
  {
    motion: t.Optional(motionField),
    mode: t.Optional(modeField),
    dur_seconds: t.Optional(durationField),
    prompt_override: t.Optional(promptField),
    seed: t.Optional(seedField),
  },
  { additionalProperties: false, examples: [{ motion: "kinetic", dur_seconds: 6 }] },
);
const errors = Object.fromEntries([400, 401, 403, 404, 415, 429, 503].map((s) => [s, errorBody]));
const conflicting = { ...errors, 409: errorBody };

/** What can be done to assets; each needs the role of an editor. */
export function createAssetActionRoutes(deps: AssetActionsDeps, signedIn: SignedIn) {
  const regenerateAs = ({ caller, context, params, body }: RegenerateCall) =>
    regenerate(deps, { assetId: params.id, ...caller, ...context }, body);
  const regenerateShape = {
    params: assetParams,
    body: regenerateBody,
    response: { 200: statusBody, ...conflicting },
  };
  return new Elysia({ name: "asset-actions", normalize: false })
    .use(signedIn)
    .post("/api/assets/:id/regenerate", regenerateAs, {
      ...regenerateShape,
      detail: {
        operationId: "regenerateAsset",
        summary: "Make an asset's clip anew, in place",
        description:
          "What is omitted is as in the clip that is served; `prompt_override` counts for this " +
          "run only. The present clip is served until the new one is ready. 409 while one is made.",
        tags: ["Assets"],
      },
    })
    .post("/api/v1/regenerate/:id", regenerateAs, {
      ...regenerateShape,
      detail: {
        operationId: "regenerateAssetByHint",
        summary: "Make an asset's clip anew, as the hint of a 502 names it",
        description: "The same as `POST /api/assets/{id}/regenerate`.",
        tags: ["Assets"],
      },
    })
    .post(
      "/api/assets/:id/cancel",
      ({ caller, params }) => cancel(deps, { assetId: params.id, userId: caller.userId }),
      {
        params: assetParams,
        response: { 200: statusBody, ...conflicting },
        detail: {
          operationId: "cancelAsset",
          summary: "Stop what is being made of an asset",
          description:
            "`cancelled` is the last event of the run, and its generation is not counted. The " +
            "asset is `failed` then, or `ready` when it has an older clip. 409 when not pending.",
          tags: ["Assets"],
        },
      },
    )
    .use(createVersionRoutes(deps, signedIn))
    .use(createDeletionRoutes(deps, signedIn));
}

function createVersionRoutes(deps: AssetActionsDeps, signedIn: SignedIn) {
  return new Elysia({ name: "versions", normalize: false }).use(signedIn).post(
    "/api/assets/:id/generations/:generationId/activate",
    async ({ caller, params }) => {
      const who = { assetId: params.id, userId: caller.userId };
      await getAssetFor(deps.store.read, who, "editor");
      const { generationId } = params;
      await activateGeneration(deps.store, { assetId: params.id, generationId });
      const view = await getAssetFor(deps.store.read, who, "editor");
      return { asset: describeAsset(deps.baseUrl, view) };
    },
    {
      params: t.Object({
        ...assetParams.properties,
        generationId: t.String({
          pattern: "^[\\w-]{1,64}$",
          description: "From the asset's `generations[]`",
        }),
      }),
      response: { 200: t.Object({ asset: assetBody }), ...conflicting },
      detail: {
        operationId: "activateGeneration",
        summary: "Serve a kept clip of an asset again",
        description: "Nothing is made and nothing counted. 409 when its clip is not kept any more.",
        tags: ["Assets"],
      },
    },
  );
}

function createDeletionRoutes(deps: AssetActionsDeps, signedIn: SignedIn) {
  return new Elysia({ name: "deletion", normalize: false })
    .use(signedIn)
    .delete(
      "/api/assets/:id",
      async ({ caller, params }) => {
        const who = { assetId: params.id, userId: caller.userId };
        await allowRemoval(deps, caller.userId, await projectOf(deps, who), () =>
          getAssetFor(deps.store.read, who, "editor"),
        );
        await deleteAsset(deps, params.id);
        return { ok: true as const };
      },
      {
        params: assetParams,
        response: { 200: t.Object({ ok: t.Literal(true) }), ...conflicting },
        detail: {
          operationId: "deleteAsset",
          summary: "Delete an asset with all its clips",
          description: "The same request later makes it anew, where the project allows its source.",
          tags: ["Assets"],
        },
      },
    )
    .delete(
      "/api/projects/:id/assets",
      async ({ caller, params, query }) => {
        const project = { projectId: params.id, userId: caller.userId };
        await allowRemoval(deps, caller.userId, params.id, () =>
          getProjectFor(deps.store.read, project, "editor"),
        );
        const src = parseSource(query.src);
        const deleted = await deleteAssetsOfSource(deps, { projectId: params.id, src });
        return { deleted: deleted.length, asset_ids: [...deleted] };
      },
      {
        params: projectParams,
        query: t.Object(
          {
            src: t.String({ minLength: 1, maxLength: 2048, description: "The source's full URL" }),
          },
          { additionalProperties: false },
        ),
        response: {
          200: t.Object({ deleted: t.Number(), asset_ids: t.Array(t.String()) }),
          ...conflicting,
        },
        detail: {
          operationId: "deleteAssetsOfSource",
          summary: "Delete every asset made of a source",
          description:
            "By http or by https, whichever it was fetched by. " +
            `At most ${deletedAtOnceMax} a call: call again until none is deleted.`,
          tags: ["Assets"],
        },
      },
    );
}

/** As a source is stored, which never has a fragment. */
function parseSource(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw fieldError("src", "Expected a full http or https URL");
  }
  url.hash = "";
  return url.href;
}

/** Editors may remove what a project made; once it is deleted, whoever owned it. */
async function allowRemoval(
  { store }: AssetActionsDeps,
  userId: string,
  projectId: string | undefined,
  check: () => Promise<unknown>,
): Promise<void> {
  if (projectId !== undefined && (await hasOwned(store.read, { projectId, userId }))) return;
  await check();
}

async function projectOf({ store }: AssetActionsDeps, { assetId }: Who) {
  return (await findAssetView(store.read, assetId))?.asset.project_id;
}

interface Who {
  readonly assetId: string;
  readonly userId: string;
}

type RegenerateBody = typeof regenerateBody.static;

interface RegenerateCall {
  readonly caller: Pick<Caller, "userId">;
  readonly context: Pick<RequestContext, "requestId">;
  readonly params: { readonly id: string };
  readonly body: RegenerateBody;
}

async function regenerate(
  deps: AssetActionsDeps,
  who: Who & { readonly requestId: string },
  body: RegenerateBody,
) {
  await getAssetFor(deps.store.read, who, "editor");
  const changes: RegenerateChanges = {
    motion: body.motion,
    mode: body.mode,
    durSeconds: body.dur_seconds,
    promptOverride: body.prompt_override,
    seed: body.seed,
  };
  await regenerateAsset(deps, who.assetId, changes, who).catch((thrown) => {
    throw withUpgradeUrl(thrown, deps.upgradeUrl);
  });
  return { asset_id: who.assetId, status: "pending" as const };
}

async function cancel(deps: AssetActionsDeps, who: Who) {
  await getAssetFor(deps.store.read, who, "editor");
  const { asset } = await cancelAsset(deps, who.assetId);
  return { asset_id: asset.id, status: statusOf(asset) };
}
