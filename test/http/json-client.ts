import { createAsk, type Headers } from "./ask.ts";
import type { TestServer } from "./test-server.ts";

/** Sends JSON to a server as whoever the headers say, every time. */
export function createJsonClient(server: Pick<TestServer, "send">, headers: Headers = {}) {
  const ask = createAsk(server);
  return (method: string, path: string, body?: unknown) => ask(method, path, headers, body);
}
