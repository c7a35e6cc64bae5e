import { type Auth, createAuth } from "../accounts/auth.ts";
import type { KeyRing } from "../accounts/key-ring.ts";
import { createProviders } from "../accounts/oauth.ts";
import { createFindSession, type FindSession, sessionSecret } from "../accounts/sessions.ts";
import { createAuthenticate } from "./access/authenticate.ts";
import { createDemoAccess, type DemoAccess } from "./access/demo-access.ts";
import { createRateLimits, type RateLimits } from "./access/rate-limits.ts";
import { type CheckSameSite, createCheckSameSite } from "./access/same-site.ts";
import type { Authenticate } from "./access/signed-in.ts";
import type { HttpDeps } from "./deps.ts";
import { isLoopbackHost, type Place } from "./listen.ts";
import type { ContextOf } from "./request/contexts.ts";

export interface EntranceDeps
  extends Pick<
    HttpDeps,
    "askProvider" | "clock" | "config" | "demo" | "log" | "passwords" | "secret" | "store"
  > {
  readonly contextOf: ContextOf;
  readonly keyRing: KeyRing;
  readonly baseUrl: string;
  readonly place: Place;
}

/** Everything that decides whether a request is let in, and as whose. */
export interface Entrance extends RateLimits {
  readonly access: DemoAccess;
  readonly auth: Auth;
  readonly authenticate: Authenticate;
  readonly checkSameSite: CheckSameSite;
  readonly findSession: FindSession;
}

export function createEntrance(deps: EntranceDeps): Entrance {
  const { baseUrl, clock, config, contextOf, demo, keyRing, place, secret, store } = deps;
  const access = createDemoAccess({
    secret,
    loopbackPort: place.isLoopback && isLoopbackUrl(baseUrl) ? place.port : undefined,
    isOn: demo?.isOn ?? (async () => false),
  });
  const limits = createRateLimits(clock, config.rateLimits);
  const checkSameSite = createCheckSameSite([baseUrl, place.url]);
  const findSession = createFindSession({ store, clock, secret: sessionSecret(secret) });
  const auth = createAuth({
    ...deps,
    secret: sessionSecret(secret),
    config: config.accounts,
    providers: createProviders(deps.askProvider, config.accounts.providers),
  });
  const authenticate = createAuthenticate({
    contextOf,
    keyRing,
    findSession,
    access,
    demoUserId: demo?.userId,
    checkSameSite,
    wrongKeys: limits.wrongKeys,
  });
  return { ...limits, access, auth, authenticate, checkSameSite, findSession };
}

/** A public URL elsewhere says that others are let in, whatever the listener is. */
function isLoopbackUrl(url: string): boolean {
  return isLoopbackHost(new URL(url).hostname.replace(/^\[|\]$/g, ""));
}
