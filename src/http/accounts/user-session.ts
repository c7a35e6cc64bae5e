import { Elysia, t } from "elysia";
import type { FindSession } from "../../accounts/sessions.ts";
import { findUser, type User } from "../../accounts/users.ts";
import type { Store } from "../../db/store.ts";
import { AppError } from "../../errors.ts";
import { findUsage } from "../../projects/usage.ts";
import type { SignedIn } from "../access/signed-in.ts";
import { errorBody } from "../answer/schemas.ts";
import { publicUser } from "./account-schemas.ts";

export interface UserSessionRoutesDeps {
  readonly store: Store;
  readonly clock: { now(): number };
  readonly findSession: FindSession;
}

const me = t.Object({
  ...publicUser.properties,
  role: t.Union([t.Literal("user"), t.Literal("admin")]),
  plan: t.String(),
  aiGenerationsUsed: t.Number(),
  aiGenerationsResetAt: t.Nullable(t.String({ description: "When the month ends." })),
  compositionCount: t.Number(),
  themeCount: t.Number(),
  createdAt: t.Nullable(t.String()),
});

/** `GET /api/user/session` and `/api/user/me`: who is signed in. */
export function createUserSessionRoutes(
  { store, clock, findSession }: UserSessionRoutesDeps,
  signedIn: SignedIn,
) {
  return new Elysia({ name: "user-session", normalize: false })
    .get(
      "/api/user/session",
      async ({ request, set }) => {
        set.headers["cache-control"] = "no-store";
        const session = await findSession(request.headers);
        if (!session) return { user: null };
        const { caller, email, name } = session;
        return { user: { id: caller.userId, email, name } };
      },
      {
        response: { 200: t.Object({ user: t.Nullable(publicUser) }) },
        detail: {
          operationId: "getSession",
          security: [{ session: [] }, {}],
          summary: "Whose session the cookie is",
          tags: ["Auth"],
        },
      },
    )
    .use(signedIn)
    .get(
      "/api/user/me",
      async ({ caller, set }) => {
        set.headers["cache-control"] = "no-store";
        const user = await findUser(store.read, caller.userId);
        if (!user) throw new AppError("unauthenticated", "Authentication required");
        return describe(user, await findUsage(store.read, user.id, clock.now()));
      },
      {
        response: { 200: me, 401: errorBody, 403: errorBody, 429: errorBody },
        detail: {
          operationId: "getMe",
          summary: "The caller's account, plan and use",
          tags: ["Auth"],
        },
      },
    );
}

function describe(user: User, usage: { readonly used: number; readonly resetAt: number }) {
  const { id, email, name, role, plan } = user;
  return {
    id,
    email,
    name,
    role,
    plan,
    aiGenerationsUsed: usage.used,
    aiGenerationsResetAt: new Date(usage.resetAt).toISOString(),
    // The hosted service counts two things here that this server does not have.
    compositionCount: 0,
    themeCount: 0,
    createdAt: new Date(user.createdAt).toISOString(),
  };
}
