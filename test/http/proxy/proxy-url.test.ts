import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { AppError } from "../../../src/errors.ts";
import { posterWidths } from "../../../src/http/proxy/proxy-options.ts";
import { parseProxyUrl, pathLengthMax } from "../../../src/http/proxy/proxy-url.ts";

const base = "/v1/pk_abc/cdn.acme.com/hero.png";

describe("the path of a proxy URL", () => {
  test.each([
    ["/v1/pk_abc/cdn.acme.com/hero.png.mp4", "cdn.acme.com/hero.png", "mp4"],
    ["/v1/pk_abc/cdn.acme.com/hero.png.jpg", "cdn.acme.com/hero.png", "jpg"],
    ["/v1/pk_abc/cdn.acme.com/hero.mp4.mp4", "cdn.acme.com/hero.mp4", "mp4"],
    ["/v1/pk_abc/127.0.0.1:9000/a.png.mp4", "127.0.0.1:9000/a.png", "mp4"],
    ["/v1/pk_abc/aHR0cHM6Ly9h.mp4", "aHR0cHM6Ly9h", "mp4"],
    ["/v1/pk_abc/cdn.acme.com/hero.webp.webp", "cdn.acme.com/hero.webp", "webp"],
    ["/v1/pk_abc/cdn.acme.com/hero.png.avif", "cdn.acme.com/hero.png", "avif"],
    ["/v1/pk_abc/cdn.acme.com/hero.png.gif", "cdn.acme.com/hero.png", "gif"],
    ["/v1/pk_abc/cdn.acme.com//a//b.png.mp4", "cdn.acme.com//a//b.png", "mp4"],
    ["/v1/pk_abc/cdn.acme.com/a.png%3Fw=1%26h=2.mp4", "cdn.acme.com/a.png?w=1&h=2", "mp4"],
    // Decoded once, and only once [U07].
    ["/v1/pk_abc/a.com/x%2Fy.png.mp4", "a.com/x/y.png", "mp4"],
    ["/v1/pk_abc/a.com/x%2fy.png.mp4", "a.com/x/y.png", "mp4"],
    ["/v1/pk_abc/a.com/x%252Fy.png.mp4", "a.com/x%2Fy.png", "mp4"],
    ["/v1/pk_abc/a.com/x+y.png.mp4", "a.com/x+y.png", "mp4"],
    ["/v1/pk_abc/a.com/x%20y.png.mp4", "a.com/x y.png", "mp4"],
    ["/v1/pk_abc/a.com/x;y.png.mp4", "a.com/x;y.png", "mp4"],
    ["/v1/pk_abc/a.com/%C3%A9.png.mp4", "a.com/é.png", "mp4"],
  ] as const)("%s", (target, source, format) => {
    expect(parseProxyUrl(target)).toEqual({ projectKey: "pk_abc", source, format, options: {} });
  });

  test.each([
    "/v1/pk_abc/",
    "/v1/pk_abc/.mp4",
    "/v1/pk_abc/cdn.acme.com/hero.png",
    "/v1/pk_abc/cdn.acme.com/hero.webm",
    "/v1/pk_abc/cdn.acme.com/hero.MP4",
    "/v1/pk_abc/cdn.acme.com/hero.mp4/",
    "/v1/pk_abc/cdn.acme.com/hero%2Emp4",
    "/v1/pk_abc.mp4",
    "/v1/pk_abc/a.com/%zz.mp4",
    "/v1/pk_abc/a.com/%.mp4",
    "/v1/pk_abc/a.com/%00.mp4",
    "/v1/pk_abc/a.com/%0A.mp4",
    "/v1/pk_abc/a.com/%09.mp4",
    "/v1/pk_abc/a.com/%C0%AF.mp4",
    "/v1/pk_abc/a.com/%ED%A0%80.mp4",
    "/v1/pk_abc/a.com/%FF.mp4",
    "/v1/pk_abc/a.com/a.mp4#x",
    "/v1/pk_abc/a.com/a.mp4?dur=2#x",
  ])("%s is malformed", (target) => {
    expect(() => parseProxyUrl(target)).toThrow(/^malformed proxy URL: /);
  });

  test.each(["", "abc", "pk_", "pk_%61", "pk_ä", "pk_a.b", "../pk_abc", `pk_${"a".repeat(65)}`])(
    "%j is no project key",
    (key) => {
      expect(() => parseProxyUrl(`/v1/${key}/a.com/a.png.mp4`)).toThrow(AppError);
    },
  );

  test("is limited to 4096 characters", () => {
    const path = (length: number) => `/v1/pk_abc/${"a".repeat(length - 15)}.mp4`;
    expect(parseProxyUrl(path(pathLengthMax)).source).toHaveLength(pathLengthMax - 15);
    expect(() => parseProxyUrl(path(pathLengthMax + 1))).toThrow("4097 characters");
  });
});

describe("the query of a proxy URL", () => {
  const good: [string, Record<string, unknown>][] = [
    ["", {}],
    ["&", {}],
    ["motion=kinetic&mode=animate-in&dur=8", { motion: "kinetic", mode: "animate-in", dur: 8 }],
    ["seed=0", { seed: 0 }],
    ["seed=2147483647", { seed: 2147483647 }],
    ["aspect=16:9", { aspect: "16:9" }],
    ["aspect=16%3A9", { aspect: "16:9" }],
    ["prompt=slow+zoom%2Bpan%20left", { prompt: "slow zoom+pan left" }],
    ["idem=variant-a", { idem: "variant-a" }],
    ["wait_ms=0", { wait_ms: 0 }],
    ["wait_ms=10000", { wait_ms: 10000 }],
    ["sig=abc&exp=1714808400", { sig: "abc", exp: 1714808400 }],
    ["v=12", { v: 12 }],
    ["pending=poster", { pending: "poster" }],
    ["format=h264", { format: "h264" }],
    ["format=av1", { format: "av1" }],
  ];
  test.each(good)("%s", (query, options) => {
    expect(parseProxyUrl(`${base}.mp4?${query}`).options).toEqual(options);
  });

  test("w is taken on a poster", () => {
    expect(parseProxyUrl(`${base}.jpg?w=640`).options).toEqual({ w: 640 });
  });

  test.each(["jpg", "webp", "avif", "gif"])("format is refused on a .%s", (suffix) => {
    expect(() => parseProxyUrl(`${base}.${suffix}?format=av1`)).toThrow(
      "malformed proxy URL: format is for clips (.mp4) only",
    );
  });

  test("another suffix is answered with those there are", () => {
    expect(() => parseProxyUrl(`${base}.webm`)).toThrow(".webp, .avif or .gif for an animated");
  });

  const bad = [
    ...["motion", "motion=", "motion=fast", "motion=Subtle", "motion=subtle%20"],
    ...["mode=boomerang", "dur=1", "dur=9", "dur=4.0", "dur=4s", "dur=+4", "dur=04", "dur=4e0"],
    ...["dur=0x4", "dur=NaN", "dur=-4", "dur=%204", "dur=", "seed=-1", "seed=2147483648"],
    ...["seed=1.5", "seed=99999999999999999999", "aspect=4:3", "prompt=", "prompt=%00"],
    ...["prompt=%0A", `prompt=${"a".repeat(501)}`, "idem=", "idem=%E2%80%A8", "idem=%E2%80%8B"],
    ...[`idem=${"a".repeat(129)}`, "wait_ms=-1", "wait_ms=10001", "wait_ms=1e3", "sig="],
    ...[`sig=${"a".repeat(513)}`, "exp=abc", "exp=-1", "exp=1.5", "v=0", "v=latest", "w=640"],
    ...[
      "pending=video",
      "format=webp",
      "format=AV1",
      "foo=1",
      "__proto__=1",
      "toString=1",
      "=1",
      "%zz=1",
    ],
    ...["dur=%zz", "dur=4&dur=4", "dur=4;mode=loop", "DUR=4", "prompt=%C0%AF"],
  ];
  test.each(bad)("%s is refused by name", (query) => {
    expect(() => parseProxyUrl(`${base}.mp4?${query}`)).toThrow(/^malformed proxy URL: /);
  });

  test.each(["0", "-1", "1000000000", "NaN", "641", "64.0", "0640"])(
    "w=%s is refused on a poster [U14]",
    (w) => {
      expect(() => parseProxyUrl(`${base}.jpg?w=${w}`)).toThrow("w must be one of 64, 128");
    },
  );

  test("of 10,000 widths only the listed ones exist [U15]", () => {
    const taken = Array.from({ length: 10_000 }, (_, w) => w).filter((w) => {
      try {
        return parseProxyUrl(`${base}.jpg?w=${w}`).options.w === w;
      } catch {
        return false;
      }
    });
    expect(taken).toEqual([...posterWidths]);
  });

  test("a bad value is answered with what was expected", () => {
    expect(() => parseProxyUrl(`${base}.mp4?dur=9`)).toThrow(
      "malformed proxy URL: dur must be a whole number from 2 to 8",
    );
    expect(() => parseProxyUrl(`${base}.mp4?foo=9`)).toThrow(
      'malformed proxy URL: there is no query parameter "foo"; there are motion, mode, dur,',
    );
  });

  test.each(["constructor", "__proto__", "toString"])(
    "the name %s of every object is an unknown parameter like others",
    (name) => {
      expect(() => parseProxyUrl(`${base}.mp4?${name}=1`)).toThrow(
        `there is no query parameter "${name}"`,
      );
    },
  );
});

describe("any input at all", () => {
  const seed = { seed: 20261121, numRuns: 2000 };

  test("is parsed or refused as an AppError of the caller's making", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.constantFrom("/", ".mp4", "%", "%2F", "?", "&", "=", "#", "pk_a", "..", "w=64", ";", "+"),
    );
    const target = fc.array(piece, { maxLength: 12 }).map((parts) => `/v1/pk_a/${parts.join("")}`);
    fc.assert(
      fc.property(target, (text) => {
        try {
          parseProxyUrl(text);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(AppError);
          expect((thrown as AppError).status).toBeOneOf([400, 403]);
        }
      }),
      seed,
    );
  });

  test("that is percent-encoded comes out as it went in", () => {
    const source = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
      .filter((text) => !/\p{Cc}/u.test(text) && text.isWellFormed());
    fc.assert(
      fc.property(source, (text) => {
        const target = `/v1/pk_a/${encodeURIComponent(text)}.mp4`;
        expect(parseProxyUrl(target).source).toBe(text);
      }),
      seed,
    );
  });

  test("no two prompts are read as one", () => {
    const prompt = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
      .filter((text) => !/\p{Cc}/u.test(text) && text.isWellFormed());
    fc.assert(
      fc.property(prompt, (text) => {
        const query = new URLSearchParams({ prompt: text });
        expect(parseProxyUrl(`${base}.mp4?${query}`).options.prompt).toBe(text);
      }),
      seed,
    );
  });
});
