import { AppError } from "../errors.ts";
import { type AuthLibraryDeps, dashboardPath, loadAuthLibrary, oauthPath } from "./auth-library.ts";
import type { ProviderName } from "./config.ts";

/** Where a request came from, for the row of its session. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string | undefined;
}

export interface SignedIn {
  readonly user: { readonly id: string; readonly email: string; readonly name: string };
  /** `Set-Cookie` values. */
  readonly cookies: readonly string[];
}

/** Beginning and ending what a session's cookie proves. */
export interface Auth {
  /**
   * Begins a session. A wrong address costs the same work as a wrong password.
   * @throws AppError `unauthenticated`; `forbidden` for somebody who was shut out.
   */
  signIn(
    credentials: { readonly email: string; readonly password: string },
    origin: Origin,
  ): Promise<SignedIn>;
  /** Sends a visitor to a provider. @throws AppError `not_found` for one that is not set up. */
  startOAuth(provider: ProviderName, visit: OAuthVisit): Promise<Response>;
  /** Takes a visitor back from a provider: to `returnTo`, signed in or with an `error`. */
  finishOAuth(request: OAuthReturn): Promise<Response>;
}

export interface OAuthVisit {
  readonly invite: string | undefined;
  /** A path of this server, beneath its public URL; undefined means the documented dashboard. */
  readonly returnTo: string | undefined;
}

export interface OAuthReturn {
  readonly provider: ProviderName;
  /** The query as it was sent, with its question mark. */
  readonly query: string;
  readonly cookie: string;
  readonly origin: Origin;
}

export function createAuth(deps: AuthLibraryDeps): Auth {
  const { baseUrl, providers } = deps;
  let library: ReturnType<typeof loadAuthLibrary> | undefined;
  const load = () => {
    library ??= loadAuthLibrary(deps);
    return library;
  };
  const refuseUnknown = (name: ProviderName) => {
    if (providers.some((provider) => provider.name === name)) return;
    throw new AppError("not_found", `signing in with ${name} is not set up on this server`);
  };
  return {
    async signIn({ email, password }, origin) {
      const { api } = await load();
      const body = { email, password };
      const headers = headersOf(origin);
      const response = await api.signInEmail({ body, headers, asResponse: true });
      const answer = (await response.json()) as SignInAnswer;
      if (!response.ok) throw refusal(response.status, answer);
      const { id, name } = answer.user;
      return {
        user: { id, email: answer.user.email, name },
        cookies: response.headers.getSetCookie(),
      };
    },
    async startOAuth(provider, { invite, returnTo = dashboardPath }) {
      refuseUnknown(provider);
      const { api } = await load();
      const place = `${baseUrl}${returnTo}`;
      const response = await api.signInSocial({
        body: {
          provider,
          callbackURL: place,
          errorCallbackURL: place,
          disableRedirect: true,
          ...(invite === undefined ? {} : { additionalData: { invite } }),
        },
        asResponse: true,
      });
      const { url } = (await response.json()) as { readonly url?: string };
      if (!response.ok || url === undefined) {
        throw new AppError("unavailable", "the sign-in provider cannot be reached; try again");
      }
      return redirect(url, response.headers.getSetCookie());
    },
    async finishOAuth({ provider, query, cookie, origin }) {
      refuseUnknown(provider);
      const { handler } = await load();
      const headers = headersOf(origin);
      headers.set("cookie", cookie);
      const url = `${baseUrl}${oauthPath}/callback/${provider}${query}`;
      const response = await handler(new Request(url, { headers }));
      const location = response.headers.get("location");
      return redirect(
        location ?? `${baseUrl}${dashboardPath}?error=internal_server_error`,
        response.headers.getSetCookie(),
      );
    },
  };
}

interface SignInAnswer {
  readonly user: SignedIn["user"];
  readonly code?: string;
}

function refusal(status: number, { code }: SignInAnswer): AppError {
  if (code === "FAILED_TO_CREATE_SESSION") {
    return new AppError("forbidden", "this account is disabled: ask the administrator");
  }
  if (status < 500) return new AppError("unauthenticated", "Invalid email or password");
  return new AppError("unavailable", "signing in does not work now; try again");
}

/** The address is ours to say: the library would believe what the client claims. */
function headersOf({ address, userAgent }: Origin): Headers {
  const headers = new Headers({ "x-forwarded-for": address });
  if (userAgent !== undefined) headers.set("user-agent", userAgent.slice(0, userAgentLengthMax));
  return headers;
}

const userAgentLengthMax = 300;

function redirect(location: string, cookies: readonly string[]): Response {
  const headers = new Headers({ Location: location, "Cache-Control": "no-store" });
  for (const cookie of cookies) headers.append("Set-Cookie", cookie);
  return new Response(null, { status: 302, headers });
}
