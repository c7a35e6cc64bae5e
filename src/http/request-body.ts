import { AppError } from "../errors.ts";

/**
 * Reads a request's body into memory, up to a limit. What announces itself as longer is refused
 * unread; what merely is longer, as soon as it has shown it.
 * @throws AppError `payload_too_large` with `message`.
 */
export async function readRequestBody(
  request: Request,
  limit: { readonly bytesMax: number; readonly message: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => new AppError("payload_too_large", limit.message);
  if (Number(request.headers.get("content-length") ?? 0) > limit.bytesMax) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > limit.bytesMax) throw tooLarge();
    chunks.push(chunk);
  }
  return joined(chunks, bytes);
}

function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}
