import { Elysia, t } from "elysia";
import type { Auth, Origin, SignedIn } from "../../accounts/auth.ts";
import type { AccountsConfig } from "../../accounts/config.ts";
import type { Passwords } from "../../accounts/passwords.ts";
import { endSession, expiredCookie, sessionSecret } from "../../accounts/sessions.ts";
import { setUp } from "../../accounts/setup.ts";
import { signUp } from "../../accounts/sign-up.ts";
import type { Store } from "../../db/store.ts";
import { subscriberOf } from "../../net/address.ts";
import type { Limiter } from "../access/limiter.ts";
import type { CountSignIn } from "../access/rate-limits.ts";
import type { CheckSameSite } from "../access/same-site.ts";
import { errorBody } from "../answer/schemas.ts";
import type { RequestContext } from "../request/context.ts";
import type { ContextOf } from "../request/contexts.ts";
import {
  checkPassword,
  email,
  newPassword,
  publicUser,
  token,
  userName,
} from "./account-schemas.ts";

export interface UserRoutesDeps {
  readonly contextOf: ContextOf;
  readonly store: Store;
  readonly clock: { now(): number };
  /** The server's own. */
  readonly secret: string;
  readonly baseUrl: string;
  readonly accounts: AccountsConfig;
  readonly passwords: Passwords;
  readonly auth: Pick<Auth, "signIn">;
  readonly checkSameSite: CheckSameSite;
  readonly countSignIn: CountSignIn;
  readonly signUp: Limiter;
}

const account = { email, name: userName, password: newPassword };
const signUpBody = t.Object(
  { ...account, invite: t.Optional(token) },
  { additionalProperties: false },
);
const setUpBody = t.Object({ ...account, token }, { additionalProperties: false });
const signInBody = t.Object(
  { email, password: t.String({ minLength: 1, error: "Password is missing" }) },
  { additionalProperties: false },
);
const user = t.Object({ user: publicUser });
const errors = { 400: errorBody, 403: errorBody, 429: errorBody, 503: errorBody };
const tags = ["Auth"];
const settingUp = {
  body: setUpBody,
  response: { 201: user, ...errors, 409: errorBody },
  detail: {
    operationId: "setUp",
    summary: "Make the first administrator, with a set-up link",
    tags,
  },
};
const signingOut = {
  response: { 200: t.Object({ ok: t.Literal(true) }), 403: errorBody },
  detail: {
    operationId: "signOut",
    summary: "Sign out",
    description: "Ends the session of the cookie, when there is one.",
    tags,
    security: [{ session: [] }, {}],
  },
};

/** `/api/user`: making an account, and beginning and ending a session. */
export function createUserRoutes(deps: UserRoutesDeps) {
  return new Elysia({ name: "user", normalize: false })
    .post(
      "/api/user/signup",
      async ({ request, body, set, status }) => {
        const origin = enter(deps, request);
        checkPassword(body.password);
        await signUp({ ...deps, config: deps.accounts }, { ...body, invite: body.invite });
        const signedIn = await deps.auth.signIn(body, origin);
        return status(201, answer(set.headers, signedIn));
      },
      {
        body: signUpBody,
        response: { 201: user, ...errors, 409: errorBody },
        detail: { operationId: "signUp", summary: "Make an account and sign in", tags },
      },
    )
    .post(
      "/api/user/setup",
      async ({ request, body, set, status }) => {
        const origin = enter(deps, request);
        checkPassword(body.password);
        await setUp(deps, body);
        return status(201, answer(set.headers, await deps.auth.signIn(body, origin)));
      },
      settingUp,
    )
    .post(
      "/api/user/signin",
      async ({ request, body, set }) => {
        deps.checkSameSite(request);
        const origin = originOf(deps.contextOf(request));
        deps.countSignIn(subscriberOf(origin.address), body.email);
        return answer(set.headers, await deps.auth.signIn(body, origin));
      },
      {
        body: signInBody,
        response: { 200: user, ...errors, 401: errorBody },
        detail: { operationId: "signIn", summary: "Sign in", tags },
      },
    )
    .post(
      "/api/user/signout",
      async ({ request, set }) => {
        deps.checkSameSite(request);
        await endSession({ ...deps, secret: sessionSecret(deps.secret) }, request.headers);
        set.headers["set-cookie"] = expiredCookie(deps.baseUrl.startsWith("https:"));
        return { ok: true as const };
      },
      signingOut,
    );
}

/** What comes before any of it: the request is from a page of ours, and not one of a flood. */
function enter(deps: UserRoutesDeps, request: Request): Origin {
  deps.checkSameSite(request);
  const origin = originOf(deps.contextOf(request));
  deps.signUp.count(subscriberOf(origin.address));
  return origin;
}

export function originOf({ address, request }: RequestContext): Origin {
  return { address, userAgent: request.headers.get("user-agent") ?? undefined };
}

function answer(
  headers: { "set-cookie"?: string | string[] },
  { user, cookies }: SignedIn,
): { user: SignedIn["user"] } {
  headers["set-cookie"] = [...cookies];
  return { user };
}
