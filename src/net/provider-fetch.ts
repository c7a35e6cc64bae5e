import { AppError } from "../errors.ts";
import { readBody } from "./body.ts";

/** The part of `fetch` that a provider's own client library calls. */
export type ProviderFetch = (
  input: string | URL | Request,
  init?: RequestInit,
) => Promise<Response>;

/**
 * `fetch` for the client library of a provider that the operator has named: no address comes from
 * outside, so it may be any. A redirect is refused, as it would carry the key to whoever it names,
 * and the answer is read at once, up to `sizeBytesMax`.
 * @throws AppError `unavailable` when an answer is longer.
 */
export function createProviderFetch(sizeBytesMax: number): ProviderFetch {
  const limits = {
    sizeBytesMax,
    tooLarge: () =>
      new AppError("unavailable", `the provider answered with more than ${sizeBytesMax} bytes`),
    explain: (cause: unknown) => cause,
  };
  return async (input, init) => {
    // Hangs up when the answer is no longer read, and does nothing when it has been.
    const hangUp = new AbortController();
    const signal = AbortSignal.any([hangUp.signal, ...(init?.signal ? [init.signal] : [])]);
    try {
      const response = await fetch(input, { ...init, signal, redirect: "error" });
      const chunks: Uint8Array[] = [];
      for await (const chunk of readBody(response, limits)) chunks.push(chunk);
      return whole(response, chunks);
    } finally {
      hangUp.abort();
    }
  };
}

function whole({ status, headers: received }: Response, chunks: readonly Uint8Array[]): Response {
  const headers = new Headers(received);
  // They are of what was sent, and this has been unpacked.
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response(chunks.length === 0 ? null : Buffer.concat(chunks), { status, headers });
}
