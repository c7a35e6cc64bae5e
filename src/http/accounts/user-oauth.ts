import { Elysia, t } from "elysia";
import type { Auth } from "../../accounts/auth.ts";
import { providerNames } from "../../accounts/config.ts";
import { subscriberOf } from "../../net/address.ts";
import type { Limiter } from "../access/limiter.ts";
import { fieldError } from "../answer/field-error.ts";
import { errorBody, oneOf } from "../answer/schemas.ts";
import type { ContextOf } from "../request/contexts.ts";
import { token } from "./account-schemas.ts";
import { originOf } from "./user.ts";

export interface UserOAuthRoutesDeps {
  readonly contextOf: ContextOf;
  readonly auth: Pick<Auth, "startOAuth" | "finishOAuth">;
  readonly oauth: Limiter;
}

const params = t.Object({
  provider: oneOf(providerNames, { description: "One that this server is set up for" }),
});
const invite = t.String({ ...token, description: "Where a new account needs one" });
const expectedPath = "Expected a path of this server such as /dashboard";
// What begins with two slashes, or a slash and a backslash, is another host to a browser.
const returnTo = t.String({
  maxLength: 500,
  pattern: "^/(?:[A-Za-z0-9._~!$&'()*+,;=:@%?-][A-Za-z0-9._~!$&'()*+,;=:@%?/-]*)?$",
  error: expectedPath,
  description: "Where to come out, signed in or with an `error`; `/dashboard` when not given",
});
const errors = { 404: errorBody, 429: errorBody, 503: errorBody };
const responses = { 302: { description: "To the provider, or back to a page of this server" } };

/** `/api/user/oauth`: signing in by way of somebody else. */
export function createUserOAuthRoutes({ contextOf, auth, oauth }: UserOAuthRoutesDeps) {
  return new Elysia({ name: "user-oauth", normalize: false })
    .get(
      "/api/user/oauth/:provider",
      ({ request, params, query }) => {
        oauth.count(subscriberOf(contextOf(request).address));
        const { invite, return_to: returnTo } = query;
        if (returnTo !== undefined) refuseUpward(returnTo);
        return auth.startOAuth(params.provider, { invite, returnTo });
      },
      {
        params,
        query: t.Object(
          { invite: t.Optional(invite), return_to: t.Optional(returnTo) },
          { additionalProperties: false },
        ),
        response: { ...errors, 400: errorBody },
        detail: {
          operationId: "beginOAuth",
          summary: "Begin to sign in with a provider",
          tags: ["Auth"],
          responses,
        },
      },
    )
    .get(
      "/api/user/oauth/callback/:provider",
      ({ request, params }) => {
        const context = contextOf(request);
        oauth.count(subscriberOf(context.address));
        const { target } = context;
        return auth.finishOAuth({
          provider: params.provider,
          query: target.includes("?") ? target.slice(target.indexOf("?")) : "",
          cookie: request.headers.get("cookie") ?? "",
          origin: originOf(context),
        });
      },
      {
        params,
        response: errors,
        detail: {
          operationId: "completeOAuth",
          summary: "Come back from a provider",
          tags: ["Auth"],
          responses,
        },
      },
    );
}

/** Two dots, however they are written, lead out of the path that the public URL may have. */
function refuseUpward(path: string): void {
  if (!/^[^?]*\/(?:[.]|%2e){2}(?:[/?]|$)/i.test(path)) return;
  throw fieldError("return_to", expectedPath);
}
