import type { Socket } from "bun";
import { parseStatus, requestText } from "./raw-client.ts";
import { waitUntil } from "./servers.ts";
import { percentile } from "./windows.ts";

/**
 * Many readers of one event stream, as plain sockets of this process, so that the client's own cost
 * is small and the same for every server.
 */

const connectBatch = 100;
const openTimeoutMs = 60_000;
const receiptTimeoutMs = 30_000;

export interface Subscribers {
  /** Streams that are open now. */
  open(): number;
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
  const watch: Watch = { open: 0, failure: undefined, mark: undefined, receiptsMs: [] };
  const sockets: Socket<Reader>[] = [];
  for (let i = 0; i < spec.count; i += connectBatch) {
    const size = Math.min(connectBatch, spec.count - i);
    const batch = Array.from({ length: size }, () => connectReader(spec, watch));
    sockets.push(...(await Promise.all(batch)));
  }
  const settled = () => watch.failure !== undefined || watch.open === spec.count;
  await waitUntil(settled, openTimeoutMs);
  if (watch.failure) throw watch.failure;
  if (watch.open < spec.count)
    throw new Error(`${watch.open} of ${spec.count} streams were opened`);
  return {
    open: () => watch.open,
    measure: (mark, publish) => measureOne(watch, mark, publish),
    close() {
      for (const socket of sockets) socket.terminate();
    },
  };
}

/** What the readers have seen so far, all together. */
interface Watch {
  open: number;
  failure: Error | undefined;
  mark: Buffer | undefined;
  receiptsMs: number[];
}

interface Reader {
  hasHead: boolean;
}

function connectReader(spec: SubscribersSpec, watch: Watch): Promise<Socket<Reader>> {
  const request = requestText("GET", spec.path, ["Accept: text/event-stream"]);
  return Bun.connect<Reader>({
    hostname: "127.0.0.1",
    port: spec.port,
    data: { hasHead: false },
    socket: {
      open: (socket) => void socket.write(request),
      data(socket, chunk) {
        if (!socket.data.hasHead) readHead(socket.data, chunk, watch);
        if (watch.mark && chunk.includes(watch.mark)) watch.receiptsMs.push(performance.now());
      },
      close(socket) {
        if (socket.data.hasHead) watch.open--;
      },
    },
  });
}

function readHead(reader: Reader, chunk: Buffer, watch: Watch): void {
  reader.hasHead = true;
  watch.open++;
  const head = chunk.toString("latin1");
  if (parseStatus(head) !== 200) watch.failure ??= new Error(`a stream was refused: ${head}`);
}

async function measureOne(
  watch: Watch,
  mark: string,
  publish: () => Promise<unknown>,
): Promise<readonly number[]> {
  const wanted = watch.open;
  watch.receiptsMs = [];
  watch.mark = Buffer.from(mark);
  const startMs = performance.now();
  await publish();
  await waitUntil(() => watch.receiptsMs.length >= wanted, receiptTimeoutMs);
  watch.mark = undefined;
  const got = watch.receiptsMs.length;
  if (got < wanted) throw new Error(`${got} of ${wanted} readers had the event in time`);
  return watch.receiptsMs.map((atMs) => atMs - startMs);
}

/** Median and 99th percentile of the receipts of a window. */
export function latencyOf(receiptsMs: readonly number[]): {
  readonly p50Ms: number;
  readonly p99Ms: number;
} {
  return { p50Ms: percentile(receiptsMs, 0.5), p99Ms: percentile(receiptsMs, 0.99) };
}
