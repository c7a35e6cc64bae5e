import { Elysia, t } from "elysia";
import type { Project } from "../../db/schema.ts";
import type { Store } from "../../db/store.ts";
import { AppError } from "../../errors.ts";
import { overlapSecondsMax, rotateProxyKey, rotateSigningSecret } from "../../projects/keys.ts";
import { originsMax, parseOrigins } from "../../projects/origins.ts";
import { type ProxyConfigChanges, updateProxyConfig } from "../../projects/proxy-config.ts";
import { getProjectFor } from "../../projects/roles.ts";
import type { Sealer } from "../../projects/seal.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { choice } from "../answer/choice.ts";
import { fieldError } from "../answer/field-error.ts";
import { errorBody, queryInteger } from "../answer/schemas.ts";
import {
  describeProxy,
  duration,
  modeChoice,
  motionChoice,
  pendingChoice,
  projectErrors,
  projectParams,
  proxyConfigBody,
} from "./project-schemas.ts";

export interface ProjectConfigDeps {
  readonly store: Store;
  readonly sealer: Sealer;
}

const configChanges = t.Object(
  {
    allowed_origins: t.Optional(
      t.Array(t.String({ maxLength: 300 }), {
        maxItems: originsMax,
        error: `Expected at most ${originsMax} origins such as https://acme.com`,
        description: "Scheme, host and perhaps a port; subdomains are included",
      }),
    ),
    enable_signing: t.Optional(
      t.Boolean({ error: "Expected true or false", description: "For the owner to switch" }),
    ),
    default_motion: t.Optional(motionChoice),
    default_mode: t.Optional(modeChoice),
    default_dur_seconds: t.Optional(duration),
    pending_mode: t.Optional(pendingChoice),
  },
  {
    additionalProperties: false,
    examples: [{ allowed_origins: ["https://acme.com"] }, { enable_signing: true }],
  },
);
const rotateQuery = t.Object(
  {
    which: choice(["proxy", "signing"], {
      description: "The proxy key, or the signing secret",
    }),
    overlap_seconds: t.Optional(
      queryInteger("overlap_seconds", {
        minimum: 0,
        maximum: overlapSecondsMax,
        description: "How long URLs signed with the old secret stay good; 0 when not given",
      }),
    ),
  },
  { additionalProperties: false },
);
const rotated = t.Union([
  t.Object({ proxy_key: t.String() }),
  t.Object({ signing_secret: t.String({ description: "Shown this once" }) }),
]);
const path = "/api/projects/:id/proxy-config";
const tags = ["Projects"];

const changing = {
  params: projectParams,
  body: configChanges,
  response: { 200: proxyConfigBody, 400: errorBody, ...projectErrors },
  detail: {
    operationId: "updateProxyConfig",
    summary: "Change the proxy configuration",
    description:
      "What is not sent stays. Signing that is switched on for the first time gets its " +
      "secret, which this answer alone shows.",
    tags,
  },
};
const rotating = {
  params: projectParams,
  query: rotateQuery,
  response: { 200: rotated, 400: errorBody, ...projectErrors },
  detail: {
    operationId: "rotateKey",
    summary: "Rotate a key",
    description:
      "For the owner. The old proxy key is refused at once. The old signing secret is, too, " +
      "unless it is given an overlap.",
    tags,
  },
};

/** How a project's proxy URLs are answered, and its keys. */
export function createProjectConfigRoutes(deps: ProjectConfigDeps, signedIn: SignedIn) {
  const { store, sealer } = deps;
  return new Elysia({ name: "project-config", normalize: false })
    .use(signedIn)
    .get(
      path,
      async ({ caller, params }) => {
        const who = { projectId: params.id, userId: caller.userId };
        const { project } = await getProjectFor(store.read, who, "viewer");
        return describeConfig(project, sealer);
      },
      {
        params: projectParams,
        response: { 200: proxyConfigBody, ...projectErrors },
        detail: { operationId: "getProxyConfig", summary: "Get the proxy configuration", tags },
      },
    )
    .put(
      path,
      async ({ caller, params, body }) => {
        const who = { projectId: params.id, userId: caller.userId };
        const updated = await updateProxyConfig(deps, who, changesOf(body));
        const { signingSecret } = updated;
        const minted = signingSecret === undefined ? {} : { signing_secret: signingSecret };
        return { ...describeConfig(updated.project, sealer), ...minted };
      },
      changing,
    )
    .post(
      "/api/projects/:id/keys/rotate",
      async ({ caller, params, query }) => {
        const who = { projectId: params.id, userId: caller.userId };
        const { which, overlap_seconds: overlapSeconds } = query;
        if (which === "signing") {
          const secret = await rotateSigningSecret(deps, who, overlapSeconds ?? 0);
          return { signing_secret: secret };
        }
        if (overlapSeconds !== undefined) {
          throw fieldError("overlap_seconds", "A proxy key has no overlap: leave it out");
        }
        return { proxy_key: await rotateProxyKey(store, who) };
      },
      rotating,
    );
}

function changesOf(body: typeof configChanges.static): ProxyConfigChanges {
  const { allowed_origins: origins, enable_signing: enableSigning, default_mode: mode } = body;
  const { default_motion: motion, default_dur_seconds: seconds, pending_mode: pending } = body;
  return {
    ...(origins === undefined ? {} : { allowedOrigins: originsOf(origins) }),
    ...(enableSigning === undefined ? {} : { enableSigning }),
    ...(motion === undefined ? {} : { defaultMotion: motion }),
    ...(mode === undefined ? {} : { defaultMode: mode }),
    ...(seconds === undefined ? {} : { defaultDurSeconds: seconds }),
    ...(pending === undefined ? {} : { pendingMode: pending }),
  };
}

/** What the syntax of an origin asks for is more than a pattern can say. */
function originsOf(entries: readonly string[]): readonly string[] {
  try {
    return parseOrigins(entries);
  } catch (thrown) {
    if (thrown instanceof AppError) throw fieldError("allowed_origins", thrown.message);
    throw thrown;
  }
}

const previewLength = 12;

function describeConfig(project: Project, sealer: Sealer): typeof proxyConfigBody.static {
  const { signing_secret: secret, previous_signing_secret_until: until } = project;
  return {
    ...describeProxy(project),
    signing_secret_preview:
      secret === null ? null : `${sealer.open(secret).slice(0, previewLength)}…`,
    previous_signing_secret_until: until,
  };
}
