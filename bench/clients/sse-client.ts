import type { Socket } from "bun";
import { waitUntil } from "../servers/server.ts";
import { parseStatus, requestText } from "./raw-client.ts";

/**
 * Many readers of one event stream, as plain sockets of this process, so that the client's own cost
 * is small and the same for every server.
 */

const connectBatch = 100;
const openTimeoutMs = 60_000;
const receiptTimeoutMs = 30_000;
/** Readers that share an address, behind the proxy that this process plays. */
const readersPerAddress = 1_000;

export interface Subscribers {
  /** Streams that are open now. */
  open(): number;
  /** Opens again what the server has closed meanwhile. */
  refill(): Promise<void>;
  /**
   * Publishes an event that holds the text `mark`, and waits until every reader has it.
   * @returns milliseconds from before the publishing to each receipt.
   */
  measure(mark: string, publish: () => Promise<unknown>): Promise<readonly number[]>;
  close(): void;
}

export interface SubscribersSpec {
  readonly port: number;
  readonly path: string;
  readonly count: number;
}

/** Opens `count` streams and waits until each has been answered with 200. */
export async function openSubscribers(spec: SubscribersSpec): Promise<Subscribers> {
  const watch: Watch = { readers: new Set(), opened: 0, failure: undefined, publish: undefined };
  await fill(spec, watch);
  return {
    open: () => watch.readers.size,
    refill: () => fill(spec, watch),
    measure: (mark, publish) => measureOne(watch, mark, publish),
    close() {
      for (const reader of watch.readers) reader.terminate();
    },
  };
}

/** What the readers have seen so far, all together. */
interface Watch {
  /** Those whose stream is open. */
  readonly readers: Set<Socket<Reader>>;
  opened: number;
  failure: Error | undefined;
  publish: Publish | undefined;
}

interface Reader {
  hasHead: boolean;
}

/** One event under way to all readers. */
interface Publish {
  readonly mark: Buffer;
  readonly wanted: number;
  readonly receivedAtMs: number[];
  readonly onAll: () => void;
}

async function fill(spec: SubscribersSpec, watch: Watch): Promise<void> {
  const missing = spec.count - watch.readers.size;
  for (let i = 0; i < missing; i += connectBatch) {
    const size = Math.min(connectBatch, missing - i);
    await Promise.all(Array.from({ length: size }, () => connectReader(spec, watch)));
  }
  const isSettled = () => watch.failure !== undefined || watch.readers.size >= spec.count;
  await waitUntil(isSettled, openTimeoutMs);
  if (watch.failure) throw watch.failure;
  const { size } = watch.readers;
  if (size < spec.count) throw new Error(`${size} of ${spec.count} streams were opened`);
}

function connectReader(spec: SubscribersSpec, watch: Watch): Promise<unknown> {
  const address = Math.floor(watch.opened++ / readersPerAddress);
  const request = requestText("GET", spec.path, [
    "Accept: text/event-stream",
    // Otherwise a server that ends the stream may keep the connection, and its end go unnoticed.
    "Connection: close",
    `X-Forwarded-For: 10.0.${address >> 8}.${address & 255}`,
  ]);
  return Bun.connect<Reader>({
    hostname: "127.0.0.1",
    port: spec.port,
    data: { hasHead: false },
    socket: {
      open: (socket) => void socket.write(request),
      data(socket, chunk) {
        if (!socket.data.hasHead) readHead(socket, chunk, watch);
        const { publish } = watch;
        if (!publish || !chunk.includes(publish.mark)) return;
        publish.receivedAtMs.push(performance.now());
        if (publish.receivedAtMs.length === publish.wanted) publish.onAll();
      },
      close: (socket) => void watch.readers.delete(socket),
    },
  });
}

function readHead(socket: Socket<Reader>, chunk: Buffer, watch: Watch): void {
  socket.data.hasHead = true;
  watch.readers.add(socket);
  const head = chunk.toString("latin1");
  if (parseStatus(head) !== 200) watch.failure ??= new Error(`a stream was refused: ${head}`);
}

async function measureOne(
  watch: Watch,
  mark: string,
  publish: () => Promise<unknown>,
): Promise<readonly number[]> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const wanted = watch.readers.size;
  const receivedAtMs: number[] = [];
  watch.publish = { mark: Buffer.from(mark), wanted, receivedAtMs, onAll: resolve };
  const late = () => reject(new Error(`${receivedAtMs.length} of ${wanted} readers had an event`));
  const timer = setTimeout(late, receiptTimeoutMs);
  const startMs = performance.now();
  try {
    await Promise.all([publish(), promise]);
  } finally {
    clearTimeout(timer);
    watch.publish = undefined;
  }
  return receivedAtMs.map((atMs) => atMs - startMs);
}
