import type { TestServer } from "./test-server.ts";

export type Headers = Readonly<Record<string, string>>;
export type Json = Record<string, unknown>;

/** Asks a server with JSON, and reads its JSON. */
export function createAsk(server: Pick<TestServer, "send">) {
  return async (method: string, path: string, headers: Headers, body?: unknown) => {
    const text = body === undefined ? "" : JSON.stringify(body);
    const answer = await server.send({
      method,
      path,
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        "Content-Length": String(Buffer.byteLength(text)),
        ...headers,
      },
      body: text,
    });
    return { ...answer, json: JSON.parse(answer.body.toString() || "{}") as Json };
  };
}
