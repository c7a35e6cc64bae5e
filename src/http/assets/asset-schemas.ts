import { Type } from "@sinclair/typebox";
import { t } from "elysia";
import { wireEvents } from "../../events/wire-event.ts";
import {
  aspects,
  durationSecondsMax,
  durationSecondsMin,
  modes,
  motions,
} from "../../scene/plan.ts";
import { oneOf } from "../answer/schemas.ts";

export const statuses = ["pending", "ready", "failed"] as const;
export const loopModes = ["native", "crossfade"] as const;

/** What a client may ask for, named as in JSON. */
export const motionField = oneOf(motions, { error: `Expected one of ${motions.join(", ")}` });
export const modeField = oneOf(modes, { error: `Expected one of ${modes.join(", ")}` });
export const aspectField = oneOf(aspects, { error: `Expected one of ${aspects.join(", ")}` });
/** Of a body, where a number is no text: hence not the framework's own kind of integer. */
export const durationField = Type.Integer({
  minimum: durationSecondsMin,
  maximum: durationSecondsMax,
  error: `Expected whole seconds from ${durationSecondsMin} to ${durationSecondsMax}`,
});
export const promptField = t.String({
  minLength: 1,
  maxLength: 500,
  pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f]*$",
  error: "Expected 1 to 500 characters without control characters",
});
export const seedField = Type.Integer({
  minimum: 0,
  maximum: 2 ** 31 - 1,
  error: `Expected a whole number from 0 to ${2 ** 31 - 1}`,
});

/** Ids as they stand in a path: another spelling names nothing. */
export const assetParams = t.Object({
  id: t.String({
    pattern: "^[0-9a-f]{16}$",
    description: "The asset's id",
    examples: ["a25b330a71e2bc6b"],
  }),
});
export const projectParams = t.Object({
  id: t.String({
    pattern: "^[\\w-]{1,64}$",
    description: "The project's id, `proj_…`",
    examples: ["proj_4QzWb1nXc9LtR2aE"],
  }),
});

/** Of a page of assets or uploads. */
export const limitDefault = 50;

const nullableNumber = t.Nullable(t.Number());
const nullableString = t.Nullable(t.String());
const loopMode = t.Nullable(oneOf(loopModes));
const seam = t.Nullable(
  t.Object(
    { sr: t.Number(), ar: t.Number(), delta: t.Number(), luma_step: t.Number() },
    { description: "How the loop returns to its start, measured on the encoded clip" },
  ),
);
const sight = t.Nullable(
  t.Record(t.String(), t.Unknown(), { description: "What was seen in the still" }),
);

/** An asset: the keys of the public pages, then what this server adds. */
export const assetBody = t.Object(
  {
    id: t.String(),
    project_id: t.String(),
    src_url: t.String(),
    status: oneOf(statuses),
    mp4_url: nullableString,
    poster_url: nullableString,
    duration_ms: nullableNumber,
    bytes: nullableNumber,
    vision_prompt: nullableString,
    model: nullableString,
    loop_mode: loopMode,
    created_at: t.Number({ description: "Unix milliseconds" }),
    ready_at: nullableNumber,
    error: t.Nullable(t.String({ description: "Code and message of a failed asset" })),
    motion: t.String(),
    mode: t.String(),
    dur_seconds: t.Number(),
    aspect: t.String(),
    seed: nullableNumber,
    prompt: nullableString,
    idem: nullableString,
    width: nullableNumber,
    height: nullableNumber,
    seam,
    thumbhash: nullableString,
    sight,
    generation_count: t.Number(),
    current_generation_id: nullableString,
  },
  { title: "Asset" },
);

export const generationBody = t.Object(
  {
    id: t.String(),
    attempt_no: t.Number({ description: "1 for the asset's first; `?v=` names a clip by it" }),
    status: oneOf(statuses),
    model: nullableString,
    motion: t.String(),
    mode: t.String(),
    dur_seconds: t.Number(),
    aspect: t.String(),
    seed: t.Number(),
    prompt_override: nullableString,
    vision_prompt: nullableString,
    loop_mode: loopMode,
    loop_method: nullableString,
    bytes: nullableNumber,
    width: nullableNumber,
    height: nullableNumber,
    created_at: t.Number(),
    ready_at: nullableNumber,
    error_code: nullableString,
    error_msg: nullableString,
    request_id: t.String(),
    seam,
    thumbhash: nullableString,
    sight,
    cost_usd: t.Number(),
    is_current: t.Boolean(),
    mp4_url: t.Nullable(t.String({ description: "Null when its clip is not kept any more" })),
  },
  { title: "Generation" },
);

export const assetEvent = t.Object(
  {
    id: t.Number({ description: "The cursor of the event streams" }),
    event_id: t.String(),
    event: oneOf(wireEvents),
    generation_id: nullableString,
    ts: t.Number(),
    asset_id: t.String(),
    attempt: t.Number(),
    request_id: t.String(),
    stage: t.Optional(t.String()),
    latency_ms: t.Optional(t.Number()),
    error_code: t.Optional(t.String()),
    error_msg: t.Optional(t.String()),
    delay_ms: t.Optional(t.Number()),
    delivery_id: t.Optional(t.String()),
    event_type: t.Optional(t.String()),
  },
  // An event of a later version may say more.
  { title: "AssetEvent", additionalProperties: true },
);

export const timelineBody = t.Object({
  generations: t.Array(
    t.Object({
      generation_id: t.String(),
      attempt_no: t.Number(),
      status: oneOf(statuses),
      queued_at: t.Number(),
      ended_at: nullableNumber,
      total_ms: nullableNumber,
      stages: t.Array(
        t.Object({
          stage: t.String(),
          started_at: t.Number(),
          ended_at: nullableNumber,
          duration_ms: nullableNumber,
          attempts: t.Number(),
          status: oneOf(["running", "completed", "failed", "cancelled"]),
        }),
      ),
    }),
  ),
});

/** What regenerate and cancel answer. */
export const statusBody = t.Object({
  asset_id: t.String(),
  status: oneOf(statuses),
});
