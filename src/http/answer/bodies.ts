import { AppError } from "../../errors.ts";
import type { ByteRange, Storage } from "../../storage/storage.ts";
import { type ByteBudget, createByteBudget } from "./byte-budget.ts";

/** A stored object that is served; what a key holds never changes. */
export interface ServedObject {
  readonly key: string;
  readonly sizeBytes: number;
  /** Further keys of the refusal when storage has lost it. */
  readonly lost?: Readonly<Record<string, unknown>>;
}

export type Body = Blob | ReadableStream<Uint8Array>;

export interface BodyLimits {
  /** Memory for bodies, all together. */
  readonly bytesMax: number;
  /** A larger object is never held: from a megabyte on the kernel copies files better than we. */
  readonly objectBytesMax: number;
  /** Objects known at a time, in memory or as open files. */
  readonly objectsMax: number;
}

export interface Bodies {
  /**
   * The object, or a part of it: at once when it is held in memory or lies in a known file.
   * @throws AppError `unavailable` when storage has lost it.
   */
  open(object: ServedObject, range?: ByteRange): Body | Promise<Body>;
  /** Throws as `open` would; for an answer without a body. */
  check(object: ServedObject): void | Promise<void>;
  readonly bytesHeld: () => number;
}

/** A body in memory, or a file that was opened before. */
interface Held {
  readonly blob: Blob;
  readonly isInMemory: boolean;
}

/**
 * The bodies asked for most, in memory: one `sendmsg` of a Blob takes a third less processor time
 * than reading a file each time, and a slice of it copies nothing. An object is served from its
 * file first and taken into memory when it is asked for again, so that one visit to everything
 * does not push out what is popular.
 */
export function createBodies(storage: Storage, limits: BodyLimits): Bodies {
  const { bytesMax, objectBytesMax, objectsMax: entriesMax } = limits;
  const held = createByteBudget<Held>({ bytesMax, entriesMax });
  const load = createLoad(held);
  let hasFiles: boolean | undefined;

  const fits = ({ sizeBytes }: ServedObject) => sizeBytes < objectBytesMax && sizeBytes <= bytesMax;

  const openCold = async (object: ServedObject, range: ByteRange | undefined): Promise<Body> => {
    if (hasFiles === false && fits(object)) {
      return part(await load(object.key, () => openStored(storage, object)), range);
    }
    if (hasFiles === false) return openStored(storage, object, range);
    const body = await openStored(storage, object);
    hasFiles = body instanceof Blob;
    if (body instanceof Blob) {
      held.set(object.key, { blob: body, isInMemory: false }, 0);
      return part(body, range);
    }
    await body.cancel();
    return openCold(object, range);
  };

  return {
    open(object, range) {
      const found = held.get(object.key);
      if (!found) return openCold(object, range);
      if (!found.isInMemory && fits(object)) {
        // A file that cannot be read fails the request that reads it; this is only a copy.
        load(object.key, async () => found.blob).catch(() => held.delete(object.key));
      }
      return part(found.blob, range);
    },
    check(object) {
      if (held.get(object.key)?.isInMemory) return;
      return checkStored(storage, object);
    },
    bytesHeld: held.bytesHeld,
  };
}

/** Takes bodies into memory: each once at a time, however many ask meanwhile. */
function createLoad(held: ByteBudget<Held>) {
  const loading = new Map<string, Promise<Blob>>();
  const read = async (key: string, open: () => Promise<Body>): Promise<Blob> => {
    const bytes = await new Response(await open()).bytes();
    const blob = new Blob([bytes]);
    held.set(key, { blob, isInMemory: true }, bytes.byteLength);
    return blob;
  };
  return (key: string, open: () => Promise<Body>): Promise<Blob> => {
    const running = loading.get(key);
    if (running) return running;
    const started = read(key, open).finally(() => loading.delete(key));
    loading.set(key, started);
    return started;
  };
}

async function openStored(
  storage: Storage,
  object: ServedObject,
  range?: ByteRange,
): Promise<Body> {
  const opened = await storage.open(object.key, range);
  if (opened) return opened.body;
  throw missing(object);
}

async function checkStored(storage: Storage, object: ServedObject): Promise<void> {
  if (!(await storage.stat(object.key))) throw missing(object);
}

/** Not written down: a disk that is not mounted loses everything, and has it all again later. */
export function missing({ key, lost }: Pick<ServedObject, "key" | "lost">): AppError {
  return new AppError("unavailable", "the stored media is missing; try again later", {
    cause: new Error(`storage has no object ${key}`),
    ...(lost ? { details: lost } : {}),
  });
}

function part(blob: Blob, range: ByteRange | undefined): Blob {
  return range ? blob.slice(range.start, range.end + 1) : blob;
}
