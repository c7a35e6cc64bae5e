import { Elysia } from "elysia";
import type { SignedIn } from "../access/signed-in.ts";
import { type AdminRoutesDeps, createAdminRoutes } from "./admin.ts";
import { createKeyRoutes, type KeyRoutesDeps } from "./keys.ts";
import { createUserRoutes, type UserRoutesDeps } from "./user.ts";
import { createUserOAuthRoutes, type UserOAuthRoutesDeps } from "./user-oauth.ts";
import { createUserSessionRoutes, type UserSessionRoutesDeps } from "./user-session.ts";

export type AccountRoutesDeps = AdminRoutesDeps &
  KeyRoutesDeps &
  UserRoutesDeps &
  UserOAuthRoutesDeps &
  UserSessionRoutesDeps;

/** Users, sessions, API keys and invites. */
export function createAccountRoutes(deps: AccountRoutesDeps, signedIn: SignedIn) {
  return new Elysia({ name: "accounts", normalize: false })
    .use(createUserRoutes(deps))
    .use(createUserOAuthRoutes(deps))
    .use(createUserSessionRoutes(deps, signedIn))
    .use(createKeyRoutes(deps, signedIn))
    .use(createAdminRoutes(deps, signedIn));
}
