/** The writing end of one response body, which says when there is room to write. */
export interface Outlet {
  readonly body: ReadableStream<Uint8Array>;
  /** False while the reader has not taken what was written before. */
  hasRoom(): boolean;
  write(bytes: Uint8Array): void;
  /** Ends the body after what was written. */
  close(): void;
  /** Breaks it off: what was not taken is dropped, and the connection with it. */
  cut(reason: string): void;
}

export interface OutletListener {
  /** The reader has taken something. */
  readonly onRoom: () => void;
  /** The reader has gone. */
  readonly onGone: () => void;
}

/** Bytes that may wait in a body before its writer has to wait, too. */
const strategy = new ByteLengthQueuingStrategy({ highWaterMark: 64 * 1024 });

export function createOutlet(listener: OutletListener): Outlet {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      start(started) {
        controller = started;
      },
      pull: listener.onRoom,
      cancel: listener.onGone,
    },
    strategy,
  );
  return {
    body,
    hasRoom: () => (controller?.desiredSize ?? 0) > 0,
    write: (bytes) => controller?.enqueue(bytes),
    close: () => controller?.close(),
    cut: (reason) => controller?.error(new Error(reason)),
  };
}
