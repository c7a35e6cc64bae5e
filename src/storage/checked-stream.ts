import { withDeadline } from "./deadline.ts";

export interface StreamChecks {
  /** How long one read may take. A reader that takes its own time is no failure. */
  readonly timeoutMs: number;
  /** How many bytes were asked for. */
  readonly sizeBytes: number;
  /** Whether bytes past those may come, to be left out. */
  readonly mayRunOver: boolean;
}

/**
 * The same stream, which fails when it stops flowing, ends early, or goes on past what was asked
 * for: a server may answer a range with the whole object (RFC 9110 §14.2), and the client does not
 * say so; when the range began at the first byte, the answer is right as far as it was asked for.
 */
export function checkStream(
  source: ReadableStream<Uint8Array>,
  { timeoutMs, sizeBytes, mayRunOver }: StreamChecks,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let leftBytes = sizeBytes;

  const readNext = async (): Promise<Uint8Array | undefined> => {
    const { done, value } = await withDeadline(timeoutMs, () => reader.read());
    if (done && leftBytes > 0) throw new Error(`the object ends ${leftBytes} bytes early`);
    if (done) return undefined;
    if (value.byteLength > leftBytes && !mayRunOver) {
      throw new Error("the server sent more than it was asked for");
    }
    const chunk = value.subarray(0, leftBytes);
    leftBytes -= chunk.byteLength;
    return chunk;
  };
  // Not awaited: letting go of a source that hangs would hang as well.
  const letGo = (reason: unknown) => void reader.cancel(reason).catch(() => {});

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const chunk = leftBytes === 0 && mayRunOver ? undefined : await readNext();
          if (chunk !== undefined) return controller.enqueue(chunk);
          controller.close();
          letGo(undefined);
        } catch (error) {
          letGo(error);
          throw error;
        }
      },
      cancel: letGo,
    },
    { highWaterMark: 0 },
  );
}
