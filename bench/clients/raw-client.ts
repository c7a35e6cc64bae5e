import type { Socket } from "bun";
import type { Load } from "../measure/windows.ts";

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
  /** The status line and the headers. */
  readonly head: string;
  /** From the first byte of the volley to the whole head of this answer. */
  readonly ms: number;
}

/** Connections that are open and idle, to send one request on each at the same moment. */
export interface Volley {
  /** @throws Error when an answer is missing after 30 s, or a connection was closed. */
  send(requestOf: (connection: number) => string): Promise<readonly Answer[]>;
  close(): void;
}

/** Opens `connections` connections for volleys. */
export async function openVolley(port: number, connections: number): Promise<Volley> {
  const state: VolleyState = { startMs: 0, answers: [], onAnswer: () => {}, onFailure: () => {} };
  const sockets: Socket<HeadReader>[] = [];
  for (let i = 0; i < connections; i++) sockets.push(await connectReader(port, state));
  return {
    async send(requestOf) {
      const requests = sockets.map((_, i) => requestOf(i));
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      state.onAnswer = () => state.answers.length === connections && resolve();
      state.onFailure = reject;
      state.answers = [];
      const late = () => reject(new Error("not every request was answered in time"));
      const timer = setTimeout(late, answerTimeoutMs);
      state.startMs = performance.now();
      for (const [i, socket] of sockets.entries()) {
        socket.data.text = "";
        socket.write(requests[i] ?? "");
      }
      await promise.finally(() => clearTimeout(timer));
      return state.answers;
    },
    close() {
      state.onFailure = () => {};
      for (const socket of sockets) socket.terminate();
    },
  };
}

interface VolleyState {
  startMs: number;
  answers: Answer[];
  onAnswer: () => void;
  onFailure: (error: Error) => void;
}

/** What one connection has read of its answer. */
interface HeadReader {
  text: string;
}

function connectReader(port: number, state: VolleyState): Promise<Socket<HeadReader>> {
  return Bun.connect<HeadReader>({
    hostname: "127.0.0.1",
    port,
    data: { text: "" },
    socket: {
      data(socket, chunk) {
        const hadHead = socket.data.text.includes(headEnd);
        socket.data.text += chunk.toString("latin1");
        const end = socket.data.text.indexOf(headEnd);
        if (hadHead || end < 0) return;
        const head = socket.data.text.slice(0, end);
        state.answers.push({
          status: parseStatus(head),
          head,
          ms: performance.now() - state.startMs,
        });
        state.onAnswer();
      },
      close: () => state.onFailure(new Error("the server closed a connection")),
    },
  });
}

/** A header's value out of a response's head, by its lower-case name. */
export function headerOf(head: string, name: string): string | undefined {
  const line = head.split("\r\n").find((text) => text.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}

/** The status of a response's first line. */
export function parseStatus(head: string): number {
  const status = /^HTTP\/1\.[01] (\d{3}) /.exec(head)?.[1];
  if (status === undefined) throw new Error(`not an HTTP/1.1 response: ${head.slice(0, 80)}`);
  return Number(status);
}
