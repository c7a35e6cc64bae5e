import { expect } from "bun:test";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as a JSON object; without keys when it is something else. */
  readonly json: Json;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** JSON as a client meets it: it looks for what the pages promise. */
export interface Json {
  readonly [key: string]: unknown;
}

export interface Sent {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Speaks HTTP to the server, as somebody who is signed in or as nobody. */
export function createClient(url: string, cookie?: string) {
  const who: Record<string, string> = cookie === undefined ? {} : { Cookie: cookie };
  const open = async (method: string, path: string, sent: Sent = {}) => {
    const isJson = sent.body !== undefined && !(sent.body instanceof FormData);
    const response = await fetch(new URL(path, url), {
      method,
      headers: { ...who, ...(isJson && { "Content-Type": "application/json" }), ...sent.headers },
      ...(sent.body !== undefined && {
        body: sent.body instanceof FormData ? sent.body : JSON.stringify(sent.body),
      }),
    });
    // "Every response carries X-Request-Id": there is none that this client has not looked at.
    expect(response.headers.get("x-request-id")).toMatch(/^[\w-]{4,64}$/);
    return response;
  };
  const send = async (method: string, path: string, sent: Sent = {}): Promise<Answer> => {
    const response = await open(method, path, sent);
    const bytes = await response.bytes();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
    const json = isJson ? (JSON.parse(new TextDecoder().decode(bytes)) as Json) : {};
    return { status: response.status, headers: response.headers, json, bytes };
  };
  return {
    /** The response with its body unread: a stream. */
    open: (path: string, headers: Record<string, string> = {}) => open("GET", path, { headers }),
    send,
    get: (path: string, headers: Record<string, string> = {}) => send("GET", path, { headers }),
    post: (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
      send("POST", path, { body, headers }),
    put: (path: string, body: unknown) => send("PUT", path, { body }),
  };
}

export type Client = ReturnType<typeof createClient>;

/** Signs in by the documented way. @returns the cookie to send from now on. */
export async function signIn(url: string, email: string, password: string): Promise<string> {
  const body = { email, password };
  const answer = await createClient(url).post("/api/user/signin", body);
  expect(answer.status).toBe(200);
  return cookieOf(answer);
}

/** The session's cookie of an answer, as `curl -b` takes it. */
export function cookieOf({ headers }: Pick<Answer, "headers">): string {
  const cookie = headers.getSetCookie().find((line) => line.startsWith("better-auth."));
  expect(cookie).toMatch(/^better-auth\.session_token=[^;]+;/);
  return cookie?.split(";")[0] ?? "";
}
