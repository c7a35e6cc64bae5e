import { createHash, randomUUID } from "node:crypto";

/** Who is sitting at the browser, as the provider knows them. */
export interface Person {
  readonly subject: number;
  readonly email: string;
  readonly isEmailVerified: boolean;
  readonly name: string;
}

export interface IdentityServer {
  readonly url: string;
  readonly client: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly issuer: string;
  };
  /** Who consents from now on; undefined for somebody who declines. */
  person: Person | undefined;
  /** Method and path of what was asked. */
  readonly requests: string[];
  close(): Promise<void>;
}

interface Grant {
  readonly challenge: string;
  readonly redirectUri: string;
  readonly person: Person;
}

const clientId = "client-of-tests";
const clientSecret = "secret-of-the-client";

/** An OpenID provider that is a GitHub as well: codes that work once, client secrets, PKCE. */
export function openIdentityServer(): IdentityServer {
  const grants = new Map<string, Grant>();
  const tokens = new Map<string, Person>();
  const routes = createRoutes(grants, tokens);
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const { pathname } = new URL(request.url);
      identity.requests.push(`${request.method} ${pathname}`);
      const route = routes[pathname];
      return route ? route(request, identity) : new Response("not found", { status: 404 });
    },
  });
  const url = server.url.origin;
  const identity: IdentityServer = {
    url,
    client: { clientId, clientSecret, issuer: url },
    person: { subject: 1, email: "ann@example.com", isEmailVerified: true, name: "Ann" },
    requests: [],
    close: () => server.stop(true),
  };
  return identity;
}

type Route = (request: Request, identity: IdentityServer) => Response | Promise<Response>;

function createRoutes(
  grants: Map<string, Grant>,
  tokens: Map<string, Person>,
): Readonly<Record<string, Route>> {
  const authorize: Route = (request, identity) => consent(grants, request, identity.person);
  const exchange: Route = async (request) => exchangeCode(grants, tokens, await request.formData());
  const personOf = (request: Request) =>
    tokens.get(request.headers.get("authorization")?.replace("Bearer ", "") ?? "");
  const told =
    (tell: (person: Person) => unknown): Route =>
    (request) => {
      const person = personOf(request);
      return person ? Response.json(tell(person)) : new Response("no", { status: 401 });
    };
  return {
    "/.well-known/openid-configuration": (_request, { url }) =>
      Response.json({
        issuer: url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        userinfo_endpoint: `${url}/userinfo`,
      }),
    "/authorize": authorize,
    "/token": exchange,
    "/userinfo": told(({ subject, email, isEmailVerified, name }) => ({
      sub: String(subject),
      email,
      email_verified: isEmailVerified,
      name,
    })),
    "/login/oauth/authorize": authorize,
    "/login/oauth/access_token": exchange,
    "/api/v3/user": told(({ subject, name }) => ({ id: subject, login: "login", name })),
    "/api/v3/user/emails": told(({ email, isEmailVerified }) => [
      { email: "old@example.com", primary: false, verified: true },
      { email, primary: true, verified: isEmailVerified },
    ]),
  };
}

function consent(
  grants: Map<string, Grant>,
  request: Request,
  person: Person | undefined,
): Response {
  const query = new URL(request.url).searchParams;
  const wanted = ["code", clientId, "S256"];
  const given = ["response_type", "client_id", "code_challenge_method"].map((name) =>
    query.get(name),
  );
  if (String(given) !== String(wanted)) return new Response("bad request", { status: 400 });
  const redirectUri = query.get("redirect_uri") ?? "";
  const back = new URL(redirectUri);
  back.searchParams.set("state", query.get("state") ?? "");
  if (!person) {
    back.searchParams.set("error", "access_denied");
    return Response.redirect(back.href, 302);
  }
  const code = randomUUID();
  grants.set(code, { challenge: query.get("code_challenge") ?? "", redirectUri, person });
  back.searchParams.set("code", code);
  return Response.redirect(back.href, 302);
}

function exchangeCode(
  grants: Map<string, Grant>,
  tokens: Map<string, Person>,
  form: FormData,
): Response {
  const code = String(form.get("code"));
  const grant = grants.get(code);
  grants.delete(code);
  const challenge = createHash("sha256")
    .update(String(form.get("code_verifier")))
    .digest("base64url");
  const isGood =
    grant?.challenge === challenge &&
    grant.redirectUri === form.get("redirect_uri") &&
    form.get("client_id") === clientId &&
    form.get("client_secret") === clientSecret &&
    form.get("grant_type") === "authorization_code";
  if (!isGood || !grant) return Response.json({ error: "invalid_grant" }, { status: 400 });
  const token = randomUUID();
  tokens.set(token, grant.person);
  return Response.json({ access_token: token, token_type: "bearer", expires_in: 3600 });
}
