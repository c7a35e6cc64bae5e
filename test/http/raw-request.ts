import { connect } from "node:net";

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case; of a repeated header the last. */
  readonly headers: Readonly<Record<string, string>>;
  /** The content, without chunk sizes. */
  readonly body: Buffer;
}

export interface RawRequest {
  readonly method?: string;
  /** The request target, sent as it is. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** One request over a socket of its own, with nothing added, decoded or followed. */
export function sendRaw(port: number, request: RawRequest): Promise<RawAnswer> {
  const { method = "GET", path, headers = {}, body = "" } = request;
  const lines = Object.entries({ Host: `127.0.0.1:${port}`, Connection: "close", ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const bytes = Buffer.concat([
    Buffer.from(`${method} ${path} HTTP/1.1\r\n${head}\r\n`, "latin1"),
    Buffer.from(body),
  ]);
  return exchangeRaw(port, bytes).then(parseAnswer);
}

/** Writes the bytes and collects what comes back until the server closes the connection. */
export function exchangeRaw(port: number, bytes: Uint8Array | string): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.on("error", () => socket.destroy());
  socket.on("close", () => resolve(Buffer.concat(chunks)));
  return promise;
}

/** @throws Error when the bytes are no HTTP answer: the connection was cut. */
export function parseAnswer(bytes: Buffer): RawAnswer {
  const end = bytes.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const status = /^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1];
  if (end < 0 || status === undefined) throw new Error(`no answer: ${bytes.toString("latin1")}`);
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const body = bytes.subarray(end + 4);
  const isChunked = headers["transfer-encoding"] === "chunked";
  return { status: Number(status), headers, body: isChunked ? joinChunks(body) : body };
}

function joinChunks(bytes: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let offset = 0; ; ) {
    const lineEnd = bytes.indexOf("\r\n", offset);
    const size = Number.parseInt(bytes.subarray(offset, lineEnd).toString("latin1"), 16);
    if (!(size > 0)) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    offset = lineEnd + 2 + size + 2;
  }
}
