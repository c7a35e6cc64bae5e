/**
 * Bytes by key. Keys are made by us, from `[a-z0-9_-]`, dots and slashes (`storage/key.ts` holds
 * the rule); no client ever chooses one. An object is visible whole or not at all.
 */
export interface Storage {
  /** Whether processes on other machines see the same objects. */
  readonly isShared: boolean;
  /**
   * Stores the bytes under `key`, replacing what was there in one step.
   * @throws AppError `r2_write_failed` when the bytes could not be made durable.
   */
  put(key: string, body: PutBody, options: PutOptions): Promise<StoredObject>;
  /**
   * Opens an object, or the part of it from `start` to `end` (both inclusive, in bytes).
   * @returns undefined when there is no such object.
   */
  open(key: string, range?: ByteRange): Promise<OpenedObject | undefined>;
  /** Size in bytes, or undefined when there is no such object. */
  stat(key: string): Promise<{ readonly sizeBytes: number } | undefined>;
  /** Removes the object; nothing happens when there is none. */
  remove(key: string): Promise<void>;
  /** Throws `unavailable` unless an object can be written and read back now. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Bytes in memory, or a file of this machine (`Bun.file(path)`). */
export type PutBody = Uint8Array | Blob;

export interface PutOptions {
  readonly contentType: string;
  readonly signal?: AbortSignal;
}

export interface StoredObject {
  readonly sizeBytes: number;
  /** SHA-256 of the bytes, 64 lower-case hex digits. */
  readonly sha256: string;
}

/** Both ends inclusive, as in HTTP. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface OpenedObject {
  /** Of the whole object, whatever the range. */
  readonly sizeBytes: number;
  /** Of the asked range: a file slice from disk, a stream with a deadline from S3. */
  readonly body: Blob | ReadableStream<Uint8Array>;
}
