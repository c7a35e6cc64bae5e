import { Elysia, t } from "elysia";
import type { EnsureAsset } from "../../assets/ensure.ts";
import { assetId } from "../../assets/id.ts";
import type { AssetRequest, AssetView } from "../../assets/request.ts";
import type { Project } from "../../db/schema.ts";
import type { Store } from "../../db/store.ts";
import { toAppError } from "../../errors.ts";
import { projectDefaults } from "../../projects/proxy-project.ts";
import { getProjectFor } from "../../projects/roles.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { fieldError } from "../answer/field-error.ts";
import { withUpgradeUrl } from "../answer/limit-refusal.ts";
import { errorBody, oneOf } from "../answer/schemas.ts";
import { authoriseFullSource } from "../proxy/proxy-source.ts";
import { clipUrl, posterUrl, statusOf } from "./asset-json.ts";
import {
  aspectField,
  durationField,
  modeField,
  motionField,
  promptField,
  seedField,
  statuses,
} from "./asset-schemas.ts";

/** What a clip would take that is not begun yet. */
export interface PrepareEstimate {
  readonly etaMs: number;
  readonly costUsdMicros: number;
}

export interface PrepareDeps {
  readonly store: Store;
  readonly ensureAsset: EnsureAsset;
  readonly findAssetView: (assetId: string) => Promise<AssetView | undefined>;
  readonly etaMs: (view: AssetView) => number;
  readonly estimate: (request: AssetRequest) => PrepareEstimate;
  readonly baseUrl: string;
  readonly upgradeUrl: string | undefined;
}

const batchMax = 100;

const prepareBody = t.Object(
  {
    project_id: t.String({ minLength: 1, maxLength: 64 }),
    src: t.String({
      minLength: 1,
      maxLength: 2048,
      error: "Expected a URL of at most 2048 characters",
    }),
    motion: t.Optional(motionField),
    mode: t.Optional(modeField),
    dur_seconds: t.Optional(durationField),
    prompt_override: t.Optional(promptField),
    seed: t.Optional(seedField),
    aspect: t.Optional(aspectField),
    idem: t.Optional(
      t.String({
        minLength: 1,
        maxLength: 128,
        pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$",
        error: "Expected 1 to 128 printable characters",
      }),
    ),
  },
  {
    title: "PrepareRequest",
    additionalProperties: false,
    examples: [{ project_id: "proj_abc", src: "https://cdn.acme.com/hero.png", motion: "subtle" }],
  },
);

const prepared = t.Object(
  {
    asset_id: t.String(),
    status: oneOf(statuses),
    eta_seconds: t.Optional(t.Number()),
    mp4_url: t.Optional(t.String()),
    poster_url: t.Optional(t.String()),
    estimate: t.Optional(
      t.Object(
        {
          exists: t.Boolean({ description: "Whether the asset is there: then nothing is charged" }),
          generations: t.Number({ description: "Counted against the month" }),
          cost_usd: t.Number({ description: "0 when this machine makes the clip" }),
        },
        { description: "With `estimate=1` only" },
      ),
    ),
  },
  {
    title: "Prepared",
    examples: [{ asset_id: "a25b330a71e2bc6b", status: "pending", eta_seconds: 28 }],
  },
);

const refused = t.Object(
  { error: t.String(), status_code: t.Number() },
  { description: "What the item alone would have been answered", additionalProperties: true },
);

const query = t.Object(
  { estimate: t.Optional(oneOf(["0", "1"], { description: "1 starts nothing" })) },
  { additionalProperties: false },
);
const errors = Object.fromEntries([400, 401, 403, 404, 415, 429, 503].map((s) => [s, errorBody]));

/** `POST /api/v1/prepare`: starts clips ahead of their first viewer. Always answered at once. */
export function createPrepareRoutes(deps: PrepareDeps, signedIn: SignedIn) {
  return new Elysia({ name: "prepare", normalize: false })
    .use(signedIn)
    .post(
      "/api/v1/prepare",
      ({ caller, context, body, query: { estimate } }) =>
        prepare(deps, { ...caller, ...context, isEstimate: estimate === "1" }, body),
      {
        body: prepareBody,
        query,
        response: { 200: prepared, ...errors },
        detail: {
          operationId: "prepareAsset",
          summary: "Prepare an asset",
          description:
            "Equal options name the same asset; the first call starts it and counts one " +
            "generation. The source must be one that the project's proxy URL would take.",
          tags: ["Assets"],
        },
      },
    )
    .post(
      "/api/v1/prepare/batch",
      ({ caller, context, body, query: { estimate } }) =>
        prepareAll(deps, { ...caller, ...context, isEstimate: estimate === "1" }, body.items),
      {
        body: t.Object(
          { items: t.Array(prepareBody, { minItems: 1, maxItems: batchMax }) },
          { additionalProperties: false },
        ),
        query,
        response: {
          200: t.Object({ results: t.Array(t.Union([prepared, refused])) }),
          ...errors,
        },
        detail: {
          operationId: "prepareAssets",
          summary: "Prepare up to 100 assets",
          description:
            "One result an item, in their order: what it alone would be answered, or why it is " +
            "refused. An item that is refused does not keep the others from being started.",
          tags: ["Assets"],
        },
      },
    );
}

type PrepareBody = typeof prepareBody.static;

interface PrepareContext {
  readonly userId: string;
  readonly requestId: string;
  readonly isEstimate: boolean;
}

async function prepare(deps: PrepareDeps, context: PrepareContext, body: PrepareBody) {
  try {
    const who = { projectId: body.project_id, userId: context.userId };
    const { project } = await getProjectFor(deps.store.read, who, "editor");
    const request = requestOf(deps, project, body);
    if (context.isEstimate) return await estimateOf(deps, request);
    return answerOf(deps, await deps.ensureAsset(request, { requestId: context.requestId }));
  } catch (thrown) {
    throw withUpgradeUrl(thrown, deps.upgradeUrl);
  }
}

/** One after the other: each is one short transaction, and there is one writer. */
async function prepareAll(
  deps: PrepareDeps,
  context: PrepareContext,
  items: readonly PrepareBody[],
) {
  const results: (ReturnType<typeof answerOf> | ReturnType<typeof refusalOf>)[] = [];
  for (const item of items) results.push(await prepare(deps, context, item).catch(refusalOf));
  return { results };
}

function requestOf(deps: PrepareDeps, project: Project, body: PrepareBody): AssetRequest {
  const defaults = projectDefaults(project);
  return {
    projectId: project.id,
    src: sourceOf(deps, project, body.src),
    motion: body.motion ?? defaults.motion,
    mode: body.mode ?? defaults.mode,
    durSeconds: body.dur_seconds ?? defaults.durSeconds,
    prompt: body.prompt_override,
    seed: body.seed,
    aspect: body.aspect ?? "preserve",
    idem: body.idem,
  };
}

function sourceOf({ baseUrl }: PrepareDeps, project: Project, src: string): string {
  const allowedOrigins = JSON.parse(project.allowed_origins) as string[];
  const isSigned = project.enable_signing === 1;
  try {
    return authoriseFullSource({ baseUrl }, { allowedOrigins, isSigned }, src);
  } catch (thrown) {
    const { code, message } = toAppError(thrown);
    if (code !== "malformed_url") throw thrown;
    throw fieldError("src", message.replace(/^malformed proxy URL: /, ""));
  }
}

function answerOf({ baseUrl, etaMs }: PrepareDeps, view: AssetView) {
  const { asset, current } = view;
  const status = statusOf(asset);
  return {
    asset_id: asset.id,
    status,
    ...(status === "pending" ? { eta_seconds: secondsOf(etaMs(view)) } : {}),
    ...(current ? { mp4_url: clipUrl(baseUrl, asset.id) } : {}),
    ...(current?.poster_key ? { poster_url: posterUrl(baseUrl, asset.id) } : {}),
  };
}

async function estimateOf(deps: PrepareDeps, request: AssetRequest) {
  const id = assetId(request);
  const view = await deps.findAssetView(id);
  if (view) {
    const estimate = { exists: true, generations: 0, cost_usd: 0 };
    return { ...answerOf(deps, view), estimate };
  }
  const { etaMs, costUsdMicros } = deps.estimate(request);
  return {
    asset_id: id,
    status: "pending" as const,
    eta_seconds: secondsOf(etaMs),
    estimate: { exists: false, generations: 1, cost_usd: costUsdMicros / 1e6 },
  };
}

function refusalOf(thrown: unknown) {
  const error = toAppError(thrown);
  // A fault of ours is one for all the rest, too, and belongs in the log.
  if (error.code === "internal") throw error;
  return { error: error.message, status_code: error.status, ...error.details };
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
