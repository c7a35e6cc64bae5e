import { createHash } from "node:crypto";
import { AppError } from "../errors.ts";
import type { AccountsConfig, OAuthClient, ProviderName } from "./config.ts";

/** One request to a provider. Its time and size are limited by whoever sends it. */
export interface ProviderRequest {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** @returns the JSON of a 2xx answer. @throws AppError for anything else. */
export type AskProvider = (request: ProviderRequest) => Promise<unknown>;

/** Who somebody is, as their provider says. */
export interface Identity {
  /** The provider's own id of the account; never changes. */
  readonly subject: string;
  readonly email: string | undefined;
  readonly isEmailVerified: boolean;
  readonly name: string;
}

/** The authorization code flow (RFC 6749 §4.1) with PKCE (RFC 7636), as one provider speaks it. */
export interface Provider {
  readonly name: ProviderName;
  authorizationUrl(request: AuthorizationRequest): Promise<URL>;
  /** Turns the code into an access token. */
  exchangeCode(grant: CodeGrant): Promise<string>;
  identify(accessToken: string): Promise<Identity>;
}

export interface AuthorizationRequest {
  readonly state: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
}

export interface CodeGrant {
  readonly code: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
}

/** The providers that the operator has registered this server with. */
export function createProviders(
  ask: AskProvider,
  clients: AccountsConfig["providers"],
): readonly Provider[] {
  const { google, github, oidc } = clients;
  return [
    google && createOpenId("google", ask, google),
    github && createGithub(ask, github),
    oidc && createOpenId("oidc", ask, oidc),
  ].filter((provider) => provider !== undefined);
}

interface Endpoints {
  readonly authorize: string;
  readonly token: string;
  readonly userInfo: string;
}

/**
 * OpenID Connect. Where its endpoints are is discovered once (OpenID Connect Discovery 1.0 §4); who
 * somebody is, is asked of the userinfo endpoint (Core §5.3), over the connection whose certificate
 * names it, so that no signature of an ID token has to be checked.
 */
function createOpenId(name: ProviderName, ask: AskProvider, client: OAuthClient): Provider {
  let known: Endpoints | undefined;
  const endpoints = async () => {
    known ??= await discover(ask, client.issuer);
    return known;
  };
  return {
    name,
    async authorizationUrl(request) {
      const { authorize } = await endpoints();
      return authorizationUrl(authorize, client, request, "openid email profile");
    },
    async exchangeCode(grant) {
      const { token } = await endpoints();
      return exchangeCode(ask, token, client, grant);
    },
    async identify(accessToken) {
      const { userInfo } = await endpoints();
      const claims = asObject(await ask(withToken(userInfo, accessToken)));
      const email = textOf(claims, "email");
      return {
        subject: requiredText(claims, "sub"),
        email,
        isEmailVerified: claims["email_verified"] === true,
        name: textOf(claims, "name") ?? email ?? "",
      };
    },
  };
}

/** GitHub speaks OAuth 2.0 only, and tells which addresses are verified in a list of its own. */
function createGithub(ask: AskProvider, client: OAuthClient): Provider {
  const site = client.issuer;
  const api = site === "https://github.com" ? "https://api.github.com" : `${site}/api/v3`;
  return {
    name: "github",
    authorizationUrl: async (request) =>
      authorizationUrl(`${site}/login/oauth/authorize`, client, request, "read:user user:email"),
    exchangeCode: (grant) => exchangeCode(ask, `${site}/login/oauth/access_token`, client, grant),
    async identify(accessToken) {
      const user = asObject(await ask(withToken(`${api}/user`, accessToken)));
      const emails = await ask(withToken(`${api}/user/emails`, accessToken));
      const primary = (Array.isArray(emails) ? emails : [])
        .map(asObject)
        .find((entry) => entry["primary"] === true);
      const { id } = user;
      if (typeof id !== "number") throw unexpected("no id of the user");
      return {
        subject: String(id),
        email: primary && textOf(primary, "email"),
        isEmailVerified: primary?.["verified"] === true,
        name: textOf(user, "name") ?? textOf(user, "login") ?? "",
      };
    },
  };
}

async function discover(ask: AskProvider, issuer: string): Promise<Endpoints> {
  const url = `${issuer}/.well-known/openid-configuration`;
  const document = asObject(await ask({ url, method: "GET", headers: jsonOnly }));
  // Discovery §4.3: otherwise one provider could speak for another.
  if (requiredText(document, "issuer").replace(/\/$/, "") !== issuer) {
    throw unexpected("another issuer than it was asked as");
  }
  return {
    authorize: requiredText(document, "authorization_endpoint"),
    token: requiredText(document, "token_endpoint"),
    userInfo: requiredText(document, "userinfo_endpoint"),
  };
}

function authorizationUrl(
  endpoint: string,
  { clientId }: OAuthClient,
  { state, codeVerifier, redirectUri }: AuthorizationRequest,
  scope: string,
): URL {
  const url = new URL(endpoint);
  const parameters = {
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    state,
    code_challenge: createHash("sha256").update(codeVerifier).digest("base64url"),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}

async function exchangeCode(
  ask: AskProvider,
  url: string,
  { clientId, clientSecret }: OAuthClient,
  { code, codeVerifier, redirectUri }: CodeGrant,
): Promise<string> {
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code,
    code_verifier: codeVerifier,
    redirect_uri: redirectUri,
    client_id: clientId,
    client_secret: clientSecret,
  });
  const headers = { ...jsonOnly, "content-type": "application/x-www-form-urlencoded" };
  const answer = await ask({ url, method: "POST", headers, body: body.toString() });
  return requiredText(asObject(answer), "access_token");
}

const jsonOnly = { accept: "application/json", "user-agent": "Motioness" };

function withToken(url: string, accessToken: string): ProviderRequest {
  return { url, method: "GET", headers: { ...jsonOnly, authorization: `Bearer ${accessToken}` } };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) throw unexpected("no object");
  return value as Readonly<Record<string, unknown>>;
}

function textOf(value: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const text = value[name];
  return typeof text === "string" && text !== "" ? text : undefined;
}

function requiredText(value: Readonly<Record<string, unknown>>, name: string): string {
  const text = textOf(value, name);
  if (text === undefined) throw unexpected(`no ${name}`);
  return text;
}

function unexpected(fault: string): AppError {
  return new AppError("unavailable", `the sign-in provider answered with ${fault}`);
}
