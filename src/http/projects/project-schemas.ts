import { Type } from "@sinclair/typebox";
import { type Static, t } from "elysia";
import type { BrandContext } from "../../brand/brand.ts";
import { parseStoredBrand } from "../../brand/brand.ts";
import type { Project } from "../../db/schema.ts";
import { type PendingMode, pendingModes } from "../../projects/proxy-project.ts";
import { type ProjectAccess, projectRoles } from "../../projects/roles.ts";
import {
  durationSecondsMax,
  durationSecondsMin,
  type Mode,
  type Motion,
  modes,
  motions,
} from "../../scene/plan.ts";
import { choice } from "../answer/choice.ts";
import { errorBody } from "../answer/schemas.ts";
import { brandContext } from "./brand-schemas.ts";

/** A project that is not the caller's, and one that does not exist, look the same. */
export const projectErrors = { 401: errorBody, 403: errorBody, 404: errorBody, 429: errorBody };
export const projectParams = t.Object({
  id: t.String({
    maxLength: 64,
    description: "The project's id, `proj_…`",
    examples: ["proj_4QzWb1nXc9LtR2aE"],
  }),
});

export const motionChoice = choice(motions);
export const modeChoice = choice(modes);
export const pendingChoice = choice(pendingModes);
export const roleChoice = choice(projectRoles);
/** Of a body, where a number is no text: hence not the framework's own kind of integer. */
export const duration = Type.Integer({
  minimum: durationSecondsMin,
  maximum: durationSecondsMax,
  error: `Expected whole seconds from ${durationSecondsMin} to ${durationSecondsMax}`,
});
export const generationsMax = t.Nullable(
  Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    error: "Expected a whole number from 0 to 1000000, or null for no limit",
  }),
);

const time = (description: string) =>
  t.Integer({ description: `${description}, Unix milliseconds` });

/** What decides how proxy URLs are answered. */
const proxyFields = {
  allowed_origins: t.Array(t.String()),
  enable_signing: t.Boolean(),
  default_motion: choice(motions),
  default_mode: choice(modes),
  default_dur_seconds: t.Integer(),
  pending_mode: choice(pendingModes),
};

export const projectSummary = t.Object(
  {
    id: t.String(),
    name: t.String(),
    website_url: t.Nullable(t.String()),
    role: choice(projectRoles),
    proxy_key: t.String({ description: "Public: it stands in every proxy URL" }),
    ...proxyFields,
    overage_enabled: t.Boolean(),
    generations_per_day_max: t.Nullable(t.Integer()),
    generations_per_month_max: t.Nullable(t.Integer()),
    webhook_url: t.Nullable(t.String()),
    webhook_events: t.Array(t.String()),
    webhooks_enabled: t.Boolean(),
    created_at: time("When it was made"),
    updated_at: time("When it was last changed"),
  },
  {
    title: "ProjectSummary",
    description: "A project as it stands in a list",
    examples: [
      {
        id: "proj_4QzWb1nXc9LtR2aE",
        name: "Acme shop",
        website_url: "https://acme.com",
        role: "owner",
        proxy_key: "pk_8fKq2ZrT0vXbN5mYc1LdHs7A",
        allowed_origins: ["https://acme.com"],
        enable_signing: false,
        default_motion: "medium",
        default_mode: "loop",
        default_dur_seconds: 4,
        pending_mode: "json",
        overage_enabled: false,
        generations_per_day_max: null,
        generations_per_month_max: null,
        webhook_url: null,
        webhook_events: ["asset.completed", "asset.failed"],
        webhooks_enabled: false,
        created_at: 1_795_000_000_000,
        updated_at: 1_795_000_000_000,
      },
    ],
  },
);

export const projectBody = t.Object(
  { ...projectSummary.properties, brand: t.Nullable(brandContext) },
  { title: "Project", description: "A project" },
);

export const proxyConfigBody = t.Object(
  {
    proxy_key: t.String(),
    ...proxyFields,
    signing_secret_preview: t.Nullable(
      t.String({ description: "The secret's first characters; null while there is none" }),
    ),
    previous_signing_secret_until: t.Nullable(
      time("Until when URLs signed with the secret before are good"),
    ),
    signing_secret: t.Optional(
      t.String({ description: "Only in the answer to the request that made it" }),
    ),
  },
  { title: "ProxyConfig", description: "How a project's proxy URLs are answered" },
);

/** A project as its members see it in a list. */
export function describeProject({ project, role }: ProjectAccess): Static<typeof projectSummary> {
  return {
    id: project.id,
    name: project.name,
    website_url: project.website_url,
    role,
    ...describeProxy(project),
    overage_enabled: project.overage_enabled === 1,
    generations_per_day_max: project.generations_per_day_max,
    generations_per_month_max: project.generations_per_month_max,
    webhook_url: project.webhook_url,
    webhook_events: JSON.parse(project.webhook_events) as string[],
    webhooks_enabled: project.webhooks_enabled === 1,
    created_at: project.created_at,
    updated_at: project.updated_at,
  };
}

/** A project with everything. */
export function describeWhole(access: ProjectAccess): Static<typeof projectBody> {
  const brand = describeBrand(parseStoredBrand(access.project.brand));
  return { ...describeProject(access), brand };
}

/** What a project's columns say of its proxy URLs; they hold only what was checked before. */
export function describeProxy(project: Project) {
  return {
    proxy_key: project.proxy_key,
    allowed_origins: JSON.parse(project.allowed_origins) as string[],
    enable_signing: project.enable_signing === 1,
    default_motion: project.default_motion as Motion,
    default_mode: project.default_mode as Mode,
    default_dur_seconds: project.default_dur_seconds,
    pending_mode: project.pending_mode as PendingMode,
  };
}

/** The same brand; the framework's types know of nothing that may only be read. */
export function describeBrand(brand: BrandContext | undefined): Static<typeof brandContext> | null {
  return (brand as Static<typeof brandContext> | undefined) ?? null;
}
