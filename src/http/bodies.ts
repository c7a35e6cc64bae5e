import { AppError } from "../errors.ts";
import type { ByteRange, Storage } from "../storage/storage.ts";

/** A stored object that is served; what a key holds never changes. */
export interface ServedObject {
  readonly key: string;
  readonly sizeBytes: number;
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
  readonly bytesHeld: () => number;
}

/** A file costs nothing to hold; a body in memory costs its size. */
interface Entry {
  readonly blob: Blob;
  readonly bytesHeld: number;
}

/**
 * The bodies asked for most, in memory: one `sendmsg` of a Blob takes a third less processor time
 * than reading a file each time, and a slice of it copies nothing. An object is served from its
 * file first and taken into memory when it is asked for again, so that one visit to everything
 * does not push out what is popular.
 */
export function createBodies(storage: Storage, limits: BodyLimits): Bodies {
  const entries = new Map<string, Entry>(); // the least recently used first
  const loading = new Map<string, Promise<Blob>>();
  let bytesHeld = 0;
  let hasFiles: boolean | undefined;

  const fits = ({ sizeBytes }: ServedObject) =>
    sizeBytes < limits.objectBytesMax && sizeBytes <= limits.bytesMax;

  const forget = (key: string) => {
    bytesHeld -= entries.get(key)?.bytesHeld ?? 0;
    entries.delete(key);
  };

  const keep = (key: string, entry: Entry) => {
    forget(key);
    entries.set(key, entry);
    bytesHeld += entry.bytesHeld;
    for (const oldest of entries.keys()) {
      if (bytesHeld <= limits.bytesMax && entries.size <= limits.objectsMax) break;
      forget(oldest);
    }
  };

  const read = async (key: string, body: Body): Promise<Blob> => {
    const bytes = await new Response(body).bytes();
    const blob = new Blob([bytes]);
    keep(key, { blob, bytesHeld: bytes.byteLength });
    return blob;
  };

  /** One load an object, however many ask for it meanwhile. */
  const load = (key: string, body: () => Promise<Body>): Promise<Blob> => {
    const running = loading.get(key);
    if (running) return running;
    const started = body()
      .then((opened) => read(key, opened))
      .finally(() => loading.delete(key));
    loading.set(key, started);
    return started;
  };

  const openCold = async (object: ServedObject, range: ByteRange | undefined): Promise<Body> => {
    if (hasFiles === false && fits(object)) {
      return part(await load(object.key, () => openStored(storage, object)), range);
    }
    if (hasFiles === false) return openStored(storage, object, range);
    const body = await openStored(storage, object);
    hasFiles = body instanceof Blob;
    if (body instanceof Blob) {
      keep(object.key, { blob: body, bytesHeld: 0 });
      return part(body, range);
    }
    await body.cancel();
    return openCold(object, range);
  };

  return {
    open(object, range) {
      const entry = entries.get(object.key);
      if (!entry) return openCold(object, range);
      entries.delete(object.key);
      entries.set(object.key, entry);
      if (entry.bytesHeld === 0 && fits(object)) {
        // A file that cannot be read fails the request that reads it; this is only a copy.
        load(object.key, async () => entry.blob).catch(() => forget(object.key));
      }
      return part(entry.blob, range);
    },
    bytesHeld: () => bytesHeld,
  };
}

async function openStored(
  storage: Storage,
  { key }: ServedObject,
  range?: ByteRange,
): Promise<Body> {
  const opened = await storage.open(key, range);
  if (opened) return opened.body;
  throw new AppError("unavailable", "the stored media is missing; try again later", {
    cause: new Error(`storage has no object ${key}`),
  });
}

function part(blob: Blob, range: ByteRange | undefined): Blob {
  return range ? blob.slice(range.start, range.end + 1) : blob;
}
