import { Type } from "@sinclair/typebox";
import { Elysia, t } from "elysia";
import type { Caller } from "../../accounts/caller.ts";
import { createInvite, listInvites, revokeInvite } from "../../accounts/invites.ts";
import type { KeyRing } from "../../accounts/key-ring.ts";
import { listUsers, type User, updateUser } from "../../accounts/users.ts";
import type { Store } from "../../db/store.ts";
import { AppError } from "../../errors.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { fieldError } from "../answer/field-error.ts";
import { errorBody, queryInteger } from "../answer/schemas.ts";
import { email, publicUser } from "./account-schemas.ts";

export interface AdminRoutesDeps {
  readonly store: Store;
  readonly keyRing: Pick<KeyRing, "forget">;
}

const dayMs = 86_400_000;
const userView = t.Object(
  {
    ...publicUser.properties,
    role: t.Union([t.Literal("user"), t.Literal("admin")]),
    plan: t.String(),
    disabled: t.Boolean(),
    created_at: t.Number(),
  },
  { title: "UserAccount" },
);
const inviteView = t.Object(
  {
    id: t.String(),
    email: t.Nullable(t.String()),
    created_at: t.Number(),
    expires_at: t.Number(),
    used_at: t.Nullable(t.Number()),
  },
  { title: "Invite" },
);
const plan = t.Union(
  [t.Literal("free"), t.Literal("pro"), t.Literal("team"), t.Literal("unlimited")],
  { error: "Plan must be free, pro, team or unlimited" },
);
const validDays = Type.Integer({
  minimum: 1,
  maximum: 90,
  error: "Expected whole days from 1 to 90",
});
const ok = t.Object({ ok: t.Literal(true) });
const errors = { 401: errorBody, 403: errorBody, 429: errorBody };
const tags = ["Administration"];

/** `/api/admin`: users and invites, for administrators. */
export function createAdminRoutes(deps: AdminRoutesDeps, signedIn: SignedIn) {
  return new Elysia({ name: "admin", normalize: false })
    .use(signedIn)
    .onBeforeHandle(({ caller }) => refuseOthers(caller))
    .get(
      "/api/admin/users",
      async ({ query }) => {
        const { cursor = "", limit = 50 } = query;
        const users = await listUsers(deps.store, { cursor, limit });
        const next = users.length === limit ? (users.at(-1)?.id ?? null) : null;
        return { users: users.map(describe), next_cursor: next };
      },
      {
        query: t.Object({
          cursor: t.Optional(
            t.String({ maxLength: 100, description: "`next_cursor` of the last page" }),
          ),
          limit: t.Optional(
            queryInteger("limit", { minimum: 1, maximum: 100, description: "50 when not given" }),
          ),
        }),
        response: {
          200: t.Object({ users: t.Array(userView), next_cursor: t.Nullable(t.String()) }),
          ...{ ...errors, 400: errorBody },
        },
        detail: { operationId: "listUsers", summary: "All users, by id", tags },
      },
    )
    .patch("/api/admin/users/:id", (request) => changeUser(deps, request), {
      params: t.Object({
        id: t.String({ description: "The user's id, `usr_…`", examples: ["usr_k3x9a1q7m2zd"] }),
      }),
      body: t.Object(
        { plan: t.Optional(plan), disabled: t.Optional(t.Boolean()) },
        { additionalProperties: false },
      ),
      response: {
        200: t.Object({ user: userView }),
        ...{ ...errors, 400: errorBody, 404: errorBody },
      },
      detail: {
        operationId: "updateUser",
        summary: "Set a user's plan, or shut the user out",
        tags,
      },
    })
    .use(createInviteRoutes(deps, signedIn));
}

function createInviteRoutes({ store }: AdminRoutesDeps, signedIn: SignedIn) {
  return new Elysia({ name: "invites", normalize: false })
    .use(signedIn)
    .onBeforeHandle(({ caller }) => refuseOthers(caller))
    .get("/api/admin/invites", async () => ({ invites: [...(await listInvites(store))] }), {
      response: { 200: t.Object({ invites: t.Array(inviteView) }), ...errors },
      detail: { operationId: "listInvites", summary: "All invites, newest first", tags },
    })
    .post(
      "/api/admin/invites",
      async ({ caller, body, status }) => {
        const validMs = (body.valid_days ?? 7) * dayMs;
        const input = { createdBy: caller.userId, email: body.email, validMs };
        const { token, view } = await store.write((tx) => createInvite(tx, input));
        return status(201, { token, ...view });
      },
      {
        body: t.Object(
          {
            email: t.Optional(email),
            valid_days: t.Optional(validDays),
          },
          { additionalProperties: false },
        ),
        response: {
          201: t.Object(
            { token: t.String({ description: "Shown this once." }), ...inviteView.properties },
            { title: "NewInvite" },
          ),
          ...{ ...errors, 400: errorBody, 409: errorBody },
        },
        detail: {
          operationId: "createInvite",
          summary: "Invite somebody to make an account",
          tags,
        },
      },
    )
    .delete(
      "/api/admin/invites/:id",
      async ({ params }) => {
        if (await store.write((tx) => revokeInvite(tx, params.id))) return { ok: true as const };
        throw new AppError("not_found", "not found");
      },
      {
        params: t.Object({
          id: t.String({ description: "The invite's id", examples: ["inv_k3x9a1q7m2zd"] }),
        }),
        response: { 200: ok, ...errors, 404: errorBody },
        detail: { operationId: "revokeInvite", summary: "Take an unused invite back", tags },
      },
    );
}

interface ChangeRequest {
  readonly caller: Caller;
  readonly params: { readonly id: string };
  readonly body: {
    readonly plan?: "free" | "pro" | "team" | "unlimited";
    readonly disabled?: boolean;
  };
}

async function changeUser(
  { store, keyRing }: AdminRoutesDeps,
  { caller, params, body }: ChangeRequest,
) {
  // So that there is always an administrator left who can let people in again.
  if (body.disabled && params.id === caller.userId) {
    throw fieldError("disabled", "You cannot disable yourself");
  }
  const { plan, disabled } = body;
  const changes = {
    ...(plan === undefined ? {} : { plan }),
    ...(disabled === undefined ? {} : { isDisabled: disabled }),
  };
  const user = await store.write((tx) => updateUser(tx, params.id, changes));
  keyRing.forget();
  if (!user) throw new AppError("not_found", "not found");
  return { user: describe(user) };
}

function refuseOthers({ role }: Caller): void {
  if (role !== "admin") throw new AppError("forbidden", "this is for administrators only");
}

function describe({ id, email, name, role, plan, isDisabled, createdAt }: User) {
  return { id, email, name, role, plan, disabled: isDisabled, created_at: createdAt };
}
