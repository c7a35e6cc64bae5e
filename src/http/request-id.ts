/** Gives each request its id. */
export interface RequestIds {
  /** The caller's own `X-Request-Id` when it is fit to be repeated, else a fresh one. */
  of(headers: Headers): string;
}

/** What may be repeated in a header, a log line and a stored row. */
const echoed = /^[\w-]{4,64}$/;

/** Added to the last id: odd, so that all 2³² ids come before one comes again. */
const step = 0x9e3779b9;

/**
 * Ids of the form `req_` and 8 hex digits, without repeats until all were given. This runs for
 * every request of the hot path, hence a table of hex digits and no call for randomness.
 * @param start where the sequence begins: a random number, so that two processes differ.
 */
export function createRequestIds(start: number): RequestIds {
  const hex = Array.from({ length: 0x10000 }, (_, value) => value.toString(16).padStart(4, "0"));
  let last = start >>> 0;
  return {
    of(headers) {
      const given = headers.get("x-request-id");
      if (given !== null && echoed.test(given)) return given;
      last = (last + step) >>> 0;
      return `req_${hex[last >>> 16]}${hex[last & 0xffff]}`;
    },
  };
}
