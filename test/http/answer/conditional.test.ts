import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { selectRepresentation } from "../../../src/http/answer/conditional.ts";
import { formatHttpDate } from "../../../src/http/answer/http-date.ts";

const lastModifiedMs = Date.UTC(2026, 10, 21, 12) + 345;
const nowMs = lastModifiedMs + 60_000;
const video = { etag: '"abc"', lastModifiedMs, sizeBytes: 1000 };
const date = (offsetMs: number) => formatHttpDate(lastModifiedMs + offsetMs);

function select(headers: Record<string, string>, method = "GET", at = nowMs) {
  return selectRepresentation({ method, headers: new Headers(headers) }, video, at);
}

describe("a range", () => {
  test.each([
    ["bytes=0-1", 0, 1],
    ["bytes=0-0", 0, 0],
    ["bytes=0-", 0, 999],
    ["bytes=0-999", 0, 999],
    ["bytes=0-1000", 0, 999],
    ["bytes=500-99999999999999999999", 500, 999],
    ["bytes=999-", 999, 999],
    ["bytes=-1", 999, 999],
    ["bytes=-100", 900, 999],
    ["bytes=-1000", 0, 999],
    ["bytes=-99999", 0, 999],
    ["BYTES=1-2", 1, 2],
    ["bytes= 1-2 ", 1, 2],
  ])("%s is bytes %d to %d", (range, start, end) => {
    expect(select({ range })).toEqual({ status: 206, range: { start, end } });
  });

  test.each(["bytes=1000-", "bytes=1000-1001", "bytes=99999999999999999999-", "bytes=-0"])(
    "%s is not there",
    (range) => {
      expect(select({ range })).toEqual({ status: 416 });
    },
  );

  test.each([
    "bytes=0-1,5-6",
    "bytes=2-1",
    "bytes=-",
    "bytes=",
    "bytes",
    "bytes=a-b",
    "bytes=-1-2",
    "bytes=0x1-2",
    "bytes=1.5-2",
    "bytes=0 - 1",
    "items=0-1",
    "",
  ])("%j is answered with the whole", (range) => {
    expect(select({ range })).toEqual({ status: 200 });
  });

  test("has no meaning for HEAD", () => {
    expect(select({ range: "bytes=0-1" }, "HEAD")).toEqual({ status: 200 });
    expect(select({ range: "bytes=5000-" }, "HEAD")).toEqual({ status: 200 });
  });
});

describe("If-Range [H12]", () => {
  test.each([
    ['"abc"', 206],
    ['W/"abc"', 200],
    ['"abd"', 200],
    [date(0), 206],
    [date(1000), 200],
    [date(-1000), 200],
    ["nonsense", 200],
    ["*", 200],
  ])("%s gives %d", (ifRange, status) => {
    expect(select({ range: "bytes=0-1", "if-range": ifRange }).status).toBe(status as 200 | 206);
  });

  test("a date is too weak within the second of the change", () => {
    const headers = { range: "bytes=0-1", "if-range": date(0) };
    expect(select(headers, "GET", lastModifiedMs + 100).status).toBe(200);
    expect(select(headers, "GET", lastModifiedMs + 1000).status).toBe(206);
  });

  test("that fails hides even a range that is not there", () => {
    expect(select({ range: "bytes=5000-", "if-range": '"abd"' }).status).toBe(200);
  });
});

describe("the order of the conditions [H13, H14]", () => {
  const rows: [Record<string, string>, number][] = [
    [{ "if-none-match": '"abc"' }, 304],
    [{ "if-none-match": 'W/"abc"' }, 304],
    [{ "if-none-match": "*" }, 304],
    [{ "if-none-match": '"x", W/"y,z" , "abc"' }, 304],
    [{ "if-none-match": '"x"' }, 200],
    [{ "if-none-match": "abc" }, 200],
    [{ "if-none-match": "" }, 200],
    [{ "if-modified-since": date(0) }, 304],
    [{ "if-modified-since": date(5000) }, 304],
    [{ "if-modified-since": date(-1000) }, 200],
    [{ "if-modified-since": "yesterday" }, 200],
    [{ "if-none-match": '"x"', "if-modified-since": date(5000) }, 200],
    [{ "if-none-match": '"abc"', "if-modified-since": date(-5000) }, 304],
    [{ "if-match": '"abc"' }, 200],
    [{ "if-match": "*" }, 200],
    [{ "if-match": '"x"' }, 412],
    [{ "if-match": 'W/"abc"' }, 412],
    [{ "if-match": '"x", "abc"' }, 200],
    [{ "if-match": '"x"', "if-none-match": '"abc"' }, 412],
    [{ "if-match": '"abc"', "if-none-match": '"abc"' }, 304],
    [{ "if-unmodified-since": date(0) }, 200],
    [{ "if-unmodified-since": date(-1000) }, 412],
    [{ "if-unmodified-since": "never" }, 200],
    [{ "if-match": '"abc"', "if-unmodified-since": date(-1000) }, 200],
    [{ "if-none-match": '"abc"', range: "bytes=0-1" }, 304],
    [{ "if-none-match": '"x"', range: "bytes=0-1" }, 206],
    [{ "if-match": '"x"', range: "bytes=0-1" }, 412],
    [{ "if-match": '"abc"', range: "bytes=5000-" }, 416],
  ];
  test.each(rows)("%j gives %d", (headers, status) => {
    expect(select(headers).status as number).toBe(status);
    const forHead = [206, 416].includes(status) ? 200 : status;
    expect(select(headers, "HEAD").status as number).toBe(forHead);
  });
});

describe("any range at all", () => {
  const seed = { seed: 20261121, numRuns: 2000 };
  const digits = fc.oneof(
    fc.constant(""),
    fc.nat(1200).map(String),
    fc.bigInt({ min: 0n }).map(String),
  );

  test("gives what the specification says, byte by byte", () => {
    const run = fc.property(digits, digits, (first, last) => {
      const selection = select({ range: `bytes=${first}-${last}` });
      const all = Array.from({ length: 1000 }, (_, byte) => byte);
      const [from, to] = [BigInt(first || 0), BigInt(last || 10 ** 9)];
      const isSuffix = first === "";
      const wanted = all.filter((byte) =>
        isSuffix ? BigInt(1000 - byte) <= to : BigInt(byte) >= from && BigInt(byte) <= to,
      );
      if ((isSuffix && last === "") || (!isSuffix && last !== "" && to < from)) {
        expect(selection).toEqual({ status: 200 });
      } else if (wanted.length === 0) {
        expect(selection).toEqual({ status: 416 });
      } else {
        const range = { start: wanted[0] ?? -1, end: wanted.at(-1) ?? -1 };
        expect(selection).toEqual({ status: 206, range });
      }
    });
    fc.assert(run, seed);
  });

  test("and whatever else is sent is answered without a fault, within the bytes there are", () => {
    const text = fc.string({ unit: fc.integer({ min: 32, max: 255 }).map(letter), maxLength: 30 });
    const odd = fc.oneof(
      text,
      text.map((rest) => `bytes=${rest}`),
      fc.constantFrom('"abc"', "*"),
    );
    const names = ["range", "if-range", "if-match", "if-none-match", "if-modified-since"];
    const headers = fc.dictionary(fc.constantFrom(...names), odd, { noNullPrototype: true });
    const run = fc.property(headers, (given) => {
      const selection = select(given);
      if (selection.status !== 206) return true;
      const { start, end } = selection.range;
      return start >= 0 && start <= end && end < video.sizeBytes;
    });
    fc.assert(run, seed);
  });
});

function letter(code: number): string {
  return String.fromCharCode(code);
}
