import type { Caller, Scope } from "../../accounts/caller.ts";
import { scopes } from "../../accounts/caller.ts";
import type { KeyRing } from "../../accounts/key-ring.ts";
import type { FindSession } from "../../accounts/sessions.ts";
import { AppError } from "../../errors.ts";
import { subscriberOf } from "../../net/address.ts";
import type { ContextOf } from "../request/contexts.ts";
import type { DemoAccess } from "./demo-access.ts";
import type { Limiter } from "./limiter.ts";
import type { CheckSameSite } from "./same-site.ts";
import type { Authenticate } from "./signed-in.ts";

export interface AuthenticateDeps {
  readonly contextOf: ContextOf;
  readonly keyRing: Pick<KeyRing, "find">;
  readonly findSession: FindSession;
  readonly access: Pick<DemoAccess, "isMember">;
  /** Undefined where there is no demo. */
  readonly demoUserId: string | undefined;
  readonly checkSameSite: CheckSameSite;
  /** Wrong keys, by address. */
  readonly wrongKeys: Limiter;
}

/**
 * Who makes a request: an API key first, then a session, then the demo's visitor. A key that is
 * given and wrong is refused, whatever cookies come with it.
 */
export function createAuthenticate(deps: AuthenticateDeps): Authenticate {
  return async (request, need) => {
    const authorization = request.headers.get("authorization");
    const caller =
      authorization === null
        ? await byCookie(deps, request)
        : await byKey(deps, authorization, deps.contextOf(request).address);
    if (!caller) throw new AppError("unauthenticated", "Authentication required");
    checkScope(caller, need);
    return caller;
  };
}

async function byKey(
  { keyRing, wrongKeys }: AuthenticateDeps,
  authorization: string,
  address: string,
): Promise<Caller | undefined> {
  const key = /^bearer +(\S+)$/i.exec(authorization)?.[1] ?? "";
  const subscriber = subscriberOf(address);
  wrongKeys.check(subscriber);
  const caller = await keyRing.find(key);
  if (!caller) wrongKeys.count(subscriber);
  return caller;
}

async function byCookie(deps: AuthenticateDeps, request: Request): Promise<Caller | undefined> {
  const session = await deps.findSession(request.headers);
  const caller = session?.caller ?? (await demoVisitor(deps, request.headers));
  if (caller) deps.checkSameSite(request);
  return caller;
}

async function demoVisitor(
  { access, demoUserId }: AuthenticateDeps,
  headers: Headers,
): Promise<Caller | undefined> {
  if (demoUserId === undefined || !(await access.isMember(headers))) return undefined;
  return { userId: demoUserId, role: "user", via: "demo", scopes };
}

function checkScope(caller: Caller, need: Scope): void {
  if (caller.scopes.includes(need)) return;
  throw new AppError("forbidden", `this API key lacks the scope "${need}"`);
}
