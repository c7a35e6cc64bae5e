import type { Socket } from "bun";
import type { Load } from "./windows.ts";

/**
 * Plain sockets that speak just enough HTTP/1.1: `wrk` waits for ever for the body of a HEAD, and
 * no load generator sends its first requests all at the same moment.
 */

const answerTimeoutMs = 30_000;
const headEnd = "\r\n\r\n";
const headEndBytes = Buffer.from(headEnd);

/** A GET or HEAD of `path` as bytes on the wire. */
export function requestText(method: string, path: string, headers: readonly string[] = []): string {
  return [`${method} ${path} HTTP/1.1`, "Host: 127.0.0.1", ...headers, "", ""].join("\r\n");
}

/** Repeats a request whose answer has no body on `connections` sockets, for `durationMs`. */
export async function repeatBodiless(run: {
  readonly port: number;
  readonly request: string;
  readonly connections: number;
  readonly durationMs: number;
}): Promise<Load> {
  const request = Buffer.from(run.request);
  let requests = 0;
  let isOver = false;
  let failure: Error | undefined;
  const sockets = await Promise.all(
    Array.from({ length: run.connections }, () =>
      Bun.connect({
        hostname: "127.0.0.1",
        port: run.port,
        socket: {
          data(socket, chunk) {
            // One request is out at a time, so a chunk that ends a head ends this answer.
            if (!chunk.subarray(-4).equals(headEndBytes)) return;
            requests++;
            if (!isOver) socket.write(request);
          },
          close() {
            if (!isOver) failure = new Error("the server closed a connection under load");
          },
        },
      }),
    ),
  );
  for (const socket of sockets) socket.write(request);
  await Bun.sleep(run.durationMs);
  isOver = true;
  for (const socket of sockets) socket.end();
  if (failure) throw failure;
  return { requests };
}

export interface Answer {
  readonly status: number;
  /** From the first byte of the volley to the whole head of this answer. */
  readonly ms: number;
}

/** Opens one connection a request, then sends all requests at one moment. */
export async function sendVolley(port: number, requests: readonly string[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let sentAtMs = 0;
  const onHead = (head: string) => {
    answers.push({ status: parseStatus(head), ms: performance.now() - sentAtMs });
    if (answers.length === requests.length) resolve();
  };
  const sockets: Socket<{ text: string }>[] = [];
  for (const _ of requests) sockets.push(await connectForHead(port, onHead, reject));
  const timer = setTimeout(
    () => reject(new Error("not every request was answered")),
    answerTimeoutMs,
  );
  sentAtMs = performance.now();
  for (const [i, socket] of sockets.entries()) socket.write(requests[i] ?? "");
  try {
    await promise;
    return answers;
  } finally {
    clearTimeout(timer);
    for (const socket of sockets) socket.terminate();
  }
}

function connectForHead(
  port: number,
  onHead: (head: string) => void,
  onFailure: (error: Error) => void,
): Promise<Socket<{ text: string }>> {
  return Bun.connect<{ text: string }>({
    hostname: "127.0.0.1",
    port,
    data: { text: "" },
    socket: {
      data(socket, chunk) {
        const hadHead = socket.data.text.includes(headEnd);
        socket.data.text += chunk.toString("latin1");
        if (!hadHead && socket.data.text.includes(headEnd)) onHead(socket.data.text);
      },
      close(socket) {
        if (!socket.data.text.includes(headEnd)) onFailure(new Error("closed without an answer"));
      },
    },
  });
}

/** The status of a response's first line. */
export function parseStatus(head: string): number {
  const status = /^HTTP\/1\.[01] (\d{3}) /.exec(head)?.[1];
  if (status === undefined) throw new Error(`not an HTTP/1.1 response: ${head.slice(0, 80)}`);
  return Number(status);
}
