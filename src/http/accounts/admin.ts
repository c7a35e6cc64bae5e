import { Elysia, t } from "elysia";
import type { Caller } from "../../accounts/caller.ts";
import { holdRole, listUsers, type User, updateUser } from "../../accounts/users.ts";
import type { Store } from "../../db/store.ts";
import { AppError } from "../../errors.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { fieldError } from "../answer/field-error.ts";
import { limitQuery } from "../answer/page-query.ts";
import { errorBody } from "../answer/schemas.ts";
import { publicUser } from "./account-schemas.ts";
import { refuseOthers } from "./administrators.ts";
import { createInviteRoutes } from "./invites.ts";

export interface AdminRoutesDeps {
  readonly store: Store;
}

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
const plan = t.Union(
  [t.Literal("free"), t.Literal("pro"), t.Literal("team"), t.Literal("unlimited")],
  { error: "Plan must be free, pro, team or unlimited" },
);
const errors = { 401: errorBody, 403: errorBody, 429: errorBody };
const tags = ["Administration"];
const usersDefault = 50;

/** `/api/admin`: users and invites, for administrators. */
export function createAdminRoutes(deps: AdminRoutesDeps, signedIn: SignedIn) {
  return (
    new Elysia({ name: "admin", normalize: false })
      .use(signedIn)
      // Before what they sent is validated.
      .derive(({ caller }) => {
        refuseOthers(caller);
        return {};
      })
      .get(
        "/api/admin/users",
        async ({ query }) => {
          const { cursor = "", limit = usersDefault } = query;
          const users = await listUsers(deps.store, { cursor, limit });
          const next = users.length === limit ? (users.at(-1)?.id ?? null) : null;
          return { users: users.map(describe), next_cursor: next };
        },
        {
          query: t.Object({
            cursor: t.Optional(
              t.String({
                maxLength: 100,
                pattern: "^\\w*$",
                error: "Expected a next_cursor of ours",
                description: "`next_cursor` of the last page",
              }),
            ),
            limit: limitQuery(usersDefault),
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
      .use(createInviteRoutes(deps, signedIn))
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

async function changeUser({ store }: AdminRoutesDeps, { caller, params, body }: ChangeRequest) {
  // So that there is always an administrator left who can let people in again.
  if (body.disabled && params.id === caller.userId) {
    throw fieldError("disabled", "You cannot disable yourself");
  }
  const { plan, disabled } = body;
  const changes = {
    ...(plan === undefined ? {} : { plan }),
    ...(disabled === undefined ? {} : { isDisabled: disabled }),
  };
  const user = await store.write(async (tx) => {
    // Of two administrators who shut each other out, one comes too late.
    if (body.disabled) refuseOthers({ role: await holdRole(tx, caller.userId) });
    return updateUser(tx, params.id, changes);
  });
  if (!user) throw new AppError("not_found", "not found");
  return { user: describe(user) };
}

function describe({ id, email, name, role, plan, isDisabled, createdAt }: User) {
  return { id, email, name, role, plan, disabled: isDisabled, created_at: createdAt };
}
