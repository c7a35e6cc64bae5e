import { Type } from "@sinclair/typebox";
import { Elysia, t } from "elysia";
import {
  type ApiKeyView,
  createApiKey,
  listApiKeys,
  revokeApiKey,
} from "../../accounts/api-keys.ts";
import { type Caller, type Scope, scopes } from "../../accounts/caller.ts";
import type { Store } from "../../db/store.ts";
import { AppError } from "../../errors.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { fieldError } from "../answer/field-error.ts";
import { errorBody } from "../answer/schemas.ts";

export interface KeyRoutesDeps {
  readonly store: Store;
  readonly clock: { now(): number };
}

const scope = t.Union([t.Literal("read"), t.Literal("write")]);
const timeToCome = "Expected a time to come, in Unix milliseconds";
const endsBefore = "Expected a time before this API key ends";
const keyView = t.Object(
  {
    id: t.String(),
    name: t.String(),
    preview: t.String({ description: "The key's first characters." }),
    scopes: t.Array(scope),
    created_at: t.Number(),
    expires_at: t.Nullable(t.Number()),
    last_used_at: t.Nullable(t.Number({ description: "Behind the truth by up to a minute." })),
  },
  { title: "ApiKey" },
);
const newKey = t.Object(
  {
    name: t.String({ minLength: 1, maxLength: 100, error: "Name must be 1 to 100 characters" }),
    scopes: t.Optional(
      t.Array(scope, {
        minItems: 1,
        uniqueItems: true,
        maxItems: scopes.length,
        error: "Scopes must be read, write or both",
      }),
    ),
    expires_at: t.Optional(
      t.Nullable(Type.Integer({ error: timeToCome, maximum: 8.64e15 }), {
        description: "Unix milliseconds; a key that is made with another key ends with it at last.",
      }),
    ),
  },
  { additionalProperties: false },
);
const errors = { 401: errorBody, 403: errorBody, 429: errorBody };

const making = {
  body: newKey,
  response: {
    201: t.Object(
      { key: t.String({ description: "Shown this once." }), ...keyView.properties },
      { title: "NewApiKey" },
    ),
    ...{ ...errors, 400: errorBody, 409: errorBody },
  },
  detail: {
    operationId: "createApiKey",
    summary: "Make an API key",
    description: "The key is in this answer only. It can do what its scopes say, and no more.",
    tags: ["Auth"],
  },
};

/** `/api/keys`: the API keys of the caller. */
export function createKeyRoutes({ store, clock }: KeyRoutesDeps, signedIn: SignedIn) {
  return new Elysia({ name: "keys", normalize: false })
    .use(signedIn)
    .get(
      "/api/keys",
      async ({ caller }) => ({ keys: (await listApiKeys(store, caller.userId)).map(described) }),
      {
        response: { 200: t.Object({ keys: t.Array(keyView) }), ...errors },
        detail: {
          operationId: "listApiKeys",
          summary: "The API keys of the caller",
          tags: ["Auth"],
        },
      },
    )
    .post(
      "/api/keys",
      async ({ caller, body, status }) => {
        refuseDemo(caller.via);
        const { name, scopes: asked = [...caller.scopes] } = body;
        refuseMore(caller, asked);
        const expiresAt = endOf(body.expires_at, caller, clock.now());
        const { userId, key: maker } = caller;
        const input = { userId, name, scopes: asked, expiresAt, madeWith: maker?.id };
        const { key, view } = await store.write((tx) => createApiKey(tx, input));
        return status(201, { key, ...described(view) });
      },
      making,
    )
    .delete(
      "/api/keys/:id",
      async ({ caller, params }) => {
        const which = { id: params.id, userId: caller.userId };
        const isRevoked = await store.write((tx) => revokeApiKey(tx, which));
        if (!isRevoked) throw new AppError("not_found", "not found");
        return { ok: true as const };
      },
      {
        params: t.Object({
          id: t.String({ description: "The key's id", examples: ["key_k3x9a1q7m2zd"] }),
        }),
        response: { 200: t.Object({ ok: t.Literal(true) }), ...errors, 404: errorBody },
        detail: {
          operationId: "revokeApiKey",
          summary: "Revoke an API key",
          description: "The keys that were made with it end with it.",
          tags: ["Auth"],
        },
      },
    );
}

function described(view: ApiKeyView) {
  return { ...view, scopes: [...view.scopes] };
}

/** Whoever holds a key that may not read must not get one by it that may. */
function refuseMore(caller: Caller, asked: readonly Scope[]): void {
  const lacking = asked.find((scope) => !caller.scopes.includes(scope));
  if (lacking === undefined) return;
  throw new AppError("forbidden", `this API key lacks the scope "${lacking}"`);
}

/** When a new key ends: not after the one that it is made with. */
function endOf(
  asked: number | null | undefined,
  { key }: Caller,
  nowMs: number,
): number | undefined {
  if (asked === undefined || asked === null) {
    if (asked === null && key?.endsAt !== undefined) throw fieldError("expires_at", endsBefore);
    return key?.endsAt;
  }
  if (asked <= nowMs) throw fieldError("expires_at", timeToCome);
  if (key?.endsAt !== undefined && asked > key.endsAt) throw fieldError("expires_at", endsBefore);
  return asked;
}

/** A key would outlive the demo, and work from anywhere. */
function refuseDemo(via: string): void {
  if (via !== "demo") return;
  throw new AppError("forbidden", "the demo has no API keys: create an account first");
}
