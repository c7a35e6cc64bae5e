import { AppError, type ErrorCode } from "../errors.ts";
import { checkStream } from "./checked-stream.ts";
import { withDeadline } from "./deadline.ts";
import { checkKey } from "./key.ts";
import { probeStorage } from "./probe.ts";
import { resolveRange } from "./range.ts";
import { createClient, type S3StorageConfig } from "./s3-client.ts";
import { uploadObject } from "./s3-upload.ts";
import type { ByteRange, PutBody, PutOptions, Storage, StoredObject } from "./storage.ts";

export interface S3Limits {
  /** Of one exchange; of a transfer in parts, between two signs of progress. */
  readonly timeoutMs: number;
  /** Exchanges under way, with those that ran out of time and still hang. */
  readonly exchangesMax: number;
}

const defaultLimits: S3Limits = { timeoutMs: 10_000, exchangesMax: 512 };

/** The smallest part that S3 allows; one is in memory for each upload. */
const partSizeBytes = 5 * 1024 ** 2;

/** Cured by somebody who changes the settings, the bucket or the clock, not by trying again. */
const permanentCodes: ReadonlySet<string> = new Set([
  "AccessDenied",
  "InvalidAccessKeyId",
  "NoSuchBucket",
  "RequestTimeTooSkewed",
  "SignatureDoesNotMatch",
]);

/**
 * Objects in one bucket of an S3 server, shared by all processes that name it.
 *
 * Bun's client has no deadline of its own and cannot be interrupted, so each exchange is raced
 * against one, and goes on hanging when it loses. `exchangesMax` keeps a frozen server from using
 * up the sockets of the process: past it, calls fail at once.
 *
 * @throws AppError `invalid_config`, see `createClient`.
 */
export function openS3(config: S3StorageConfig, limits: S3Limits = defaultLimits): Storage {
  const bucket: Bucket = {
    client: createClient(config),
    admit: createAdmission(limits.exchangesMax),
    timeoutMs: limits.timeoutMs,
  };
  const storage: Storage = {
    isShared: true,
    put: (key, body, options) => put(bucket, key, body, options),
    async open(key, range) {
      const sizeBytes = await findSize(bucket, key);
      if (sizeBytes === undefined) return undefined;
      return { sizeBytes, body: read(bucket, key, { range, sizeBytes }) };
    },
    async stat(key) {
      const sizeBytes = await findSize(bucket, key);
      return sizeBytes === undefined ? undefined : { sizeBytes };
    },
    remove: (key) => remove(bucket, key),
    check: () => probeStorage(storage),
    close: async () => {},
  };
  return storage;
}

interface Bucket {
  readonly client: Bun.S3Client;
  readonly admit: <T>(start: () => Promise<T>) => Promise<T>;
  readonly timeoutMs: number;
}

async function put(
  { client, admit, timeoutMs }: Bucket,
  key: string,
  body: PutBody,
  { contentType, signal }: PutOptions,
): Promise<StoredObject> {
  checkKey(key);
  signal?.throwIfAborted();
  const options = { type: contentType, partSize: partSizeBytes, queueSize: 1, retry: 0 };
  const send = (content: ReadableStream<Uint8Array>) =>
    admit(() => client.write(key, new Response(content), options));
  try {
    return await uploadObject({ body, signal, timeoutMs, send });
  } catch (error) {
    signal?.throwIfAborted();
    throw failure("r2_write_failed", `the object ${key} could not be stored`, error);
  }
}

async function findSize(bucket: Bucket, key: string): Promise<number | undefined> {
  checkKey(key);
  const { client, admit, timeoutMs } = bucket;
  try {
    const found = await withDeadline(timeoutMs, () => admit(() => client.stat(key)));
    return found.size;
  } catch (error) {
    // HEAD is answered without a body: a missing bucket looks the same, until `check` tells.
    if (errorCode(error) === "NoSuchKey") return undefined;
    throw failure("unavailable", `the stored object ${key} cannot be reached`, error);
  }
}

function read(
  { client, timeoutMs }: Bucket,
  key: string,
  { range, sizeBytes }: { range: ByteRange | undefined; sizeBytes: number },
): Blob | ReadableStream<Uint8Array> {
  const { start, end } = resolveRange(range, sizeBytes);
  if (start === end) return new Blob([]);
  const file = client.file(key);
  const part = range === undefined ? file : file.slice(start, end);
  const mayRunOver = range?.start === 0;
  return checkStream(part.stream(), { timeoutMs, sizeBytes: end - start, mayRunOver });
}

async function remove({ client, admit, timeoutMs }: Bucket, key: string): Promise<void> {
  checkKey(key);
  try {
    await withDeadline(timeoutMs, () => admit(() => client.delete(key)));
  } catch (error) {
    if (errorCode(error) === "NoSuchKey") return;
    throw failure("unavailable", `the stored object ${key} cannot be removed`, error);
  }
}

/** Starts an operation unless `max` others have not settled yet. */
function createAdmission(max: number) {
  let unsettled = 0;
  return async <T>(start: () => Promise<T>): Promise<T> => {
    if (unsettled >= max) throw new Error(`${unsettled} exchanges with the server are under way`);
    unsettled += 1;
    try {
      return await start();
    } finally {
      unsettled -= 1;
    }
  };
}

function failure(code: ErrorCode, message: string, cause: unknown): AppError {
  const serverCode = errorCode(cause);
  if (serverCode === undefined) return new AppError(code, message, { cause });
  const retry = !permanentCodes.has(serverCode);
  return new AppError(code, `${message} (${serverCode})`, { cause, retry });
}

/** The code of the server's XML, or of the connection that failed. */
function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
