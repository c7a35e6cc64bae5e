/** Gives each request its id. */
export interface RequestIds {
  /** The caller's own `X-Request-Id` when it is fit to be repeated, else a fresh one. */
  of(headers: Headers): string;
}

/** What may be repeated in a header, a log line and a stored row. */
const echoed = /^[\w-]{4,64}$/;

/** Added to the last id: odd, so that all 2³² ids come before one comes again. */
const step = 0x9e3779b9;
const digits = Buffer.from("0123456789abcdef");

/**
 * Ids of the form `req_` and 8 hex digits, without repeats until all were given. This runs for
 * every request of the hot path, hence no call for randomness, and a string read from bytes: one
 * put together from parts is flattened only when it is sent, which costs a tenth of a 304.
 * @param start where the sequence begins: a random number, so that two processes differ.
 */
export function createRequestIds(start: number): RequestIds {
  const text = Buffer.from("req_00000000");
  let last = start >>> 0;
  return {
    of(headers) {
      const given = headers.get("x-request-id");
      if (given !== null && echoed.test(given)) return given;
      last = (last + step) >>> 0;
      for (let index = text.length - 1, rest = last; index >= 4; index--, rest >>>= 4) {
        text[index] = digits[rest & 15] ?? 0;
      }
      return text.toString("latin1");
    },
  };
}
