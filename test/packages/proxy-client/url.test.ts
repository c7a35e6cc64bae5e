import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { MotionessError } from "../../../packages/proxy-client/src/error.ts";
import {
  buildProxyUrl,
  type Format,
  parseProxyUrl,
  posterUrl,
} from "../../../packages/proxy-client/src/url.ts";
import { getVideoProps } from "../../../packages/proxy-client/src/video-props.ts";
import { parseProxyUrl as parseOnServer } from "../../../src/http/proxy/proxy-url.ts";

const projectKey = "pk_abc";
const src = "https://cdn.acme.com/hero.png";

describe("buildProxyUrl", () => {
  const rows: [string, Partial<Parameters<typeof buildProxyUrl>[0]>, string][] = [
    ["a plain source", {}, "https://motioness.com/v1/pk_abc/cdn.acme.com/hero.png.mp4"],
    ["a poster", { format: "jpg" }, "https://motioness.com/v1/pk_abc/cdn.acme.com/hero.png.jpg"],
    [
      "all options",
      { motion: "kinetic", dur: 6, mode: "loop", waitMs: 8000, idem: "variant-a" },
      "https://motioness.com/v1/pk_abc/cdn.acme.com/hero.png.mp4?motion=kinetic&mode=loop&idem=variant-a&dur=6&wait_ms=8000",
    ],
    [
      "a server under a path",
      { baseUrl: "https://acme.com/motion/" },
      "https://acme.com/motion/v1/pk_abc/cdn.acme.com/hero.png.mp4",
    ],
    [
      "a source with a query",
      { src: `${src}?w=7&h=2#`.replace("#", "") },
      "https://motioness.com/v1/pk_abc/cdn.acme.com/hero.png%3Fw=7&h=2.mp4",
    ],
    [
      "a source that is percent-encoded itself",
      { src: "https://cdn.acme.com/my%20hero.png" },
      "https://motioness.com/v1/pk_abc/cdn.acme.com/my%2520hero.png.mp4",
    ],
    [
      "a host in brackets with a port",
      { src: "https://[2001:db8::1]:8443/hero.png" },
      "https://motioness.com/v1/pk_abc/[2001:db8::1]:8443/hero.png.mp4",
    ],
    [
      "letters beyond ASCII",
      { src: "https://cdn.acme.com/héros.png" },
      "https://motioness.com/v1/pk_abc/cdn.acme.com/h%C3%A9ros.png.mp4",
    ],
    ["a page's own server", { baseUrl: "" }, "/v1/pk_abc/cdn.acme.com/hero.png.mp4"],
    [
      "a codec, a version and what answers meanwhile",
      { codec: "av1", version: 2, pending: "poster" },
      "https://motioness.com/v1/pk_abc/cdn.acme.com/hero.png.mp4?format=av1&pending=poster&v=2",
    ],
    [
      "a narrow poster",
      { format: "jpg", width: 640 },
      "https://motioness.com/v1/pk_abc/cdn.acme.com/hero.png.jpg?w=640",
    ],
    [
      "a signature made elsewhere",
      { sig: "ab", exp: 1714808400 },
      "https://motioness.com/v1/pk_abc/aHR0cHM6Ly9jZG4uYWNtZS5jb20vaGVyby5wbmc.mp4?sig=ab&exp=1714808400",
    ],
  ];
  for (const [name, options, url] of rows) {
    test(`writes ${name}`, () => expect(buildProxyUrl({ projectKey, src, ...options })).toBe(url));
  }

  const refusals: [string, Partial<Parameters<typeof buildProxyUrl>[0]>, string][] = [
    ["a key of another kind", { projectKey: "sk_1" }, "projectKey"],
    ["a source without a scheme", { src: "cdn.acme.com/a.png" }, "src must be a full URL"],
    ["a fragment", { src: `${src}#x` }, "fragment"],
    ["a source of 2049 characters", { src: `https://a.b/${"a".repeat(2037)}` }, "2049 characters"],
    ["a key with a stroke, which no server makes", { projectKey: "pk_a_b" }, "projectKey"],
    ["half a character", { src: "https://a.b/\uD83D.png" }, "half a character"],
    ["a server without a scheme", { baseUrl: "motion.example" }, "baseUrl must begin with"],
    ["a server with a query", { baseUrl: "https://a.b?c" }, "baseUrl must begin with"],
    ["a duration that is no number", { dur: Number.NaN }, "dur must be a whole number"],
    ["half a seed", { seed: 0.5 }, "seed must be a whole number"],
    ["the width of a clip", { width: 640 }, "width is for posters"],
    ["the codec of a poster", { format: "jpg", codec: "av1" }, "codec is for mp4"],
    ["a format that is none", { format: "mov" as Format }, "format must be"],
  ];
  for (const [name, options, message] of refusals) {
    test(`refuses ${name}`, () => {
      const refused = () => buildProxyUrl({ projectKey, src, ...options });
      expect(refused).toThrow(message);
      expect(refused).toThrow(MotionessError);
    });
  }

  test("is read by the server as it was meant, whatever the source holds", () => {
    const anything = fc.string({ unit: "grapheme", maxLength: 80 });
    fc.assert(
      fc.property(anything, (text) => {
        const source = `https://cdn.acme.com/${text.replaceAll(/[#\p{Cc}]|\p{Cs}/gu, "")}`;
        const target = new URL(buildProxyUrl({ projectKey, src: source }));
        const read = parseOnServer(target.pathname + target.search);
        expect(`https://${read.source}`).toBe(source);
      }),
    );
  });

  test("is taken apart again", () => {
    const options = { projectKey, src, motion: "subtle", seed: 7, prompt: "a & b" } as const;
    expect(parseProxyUrl(posterUrl({ baseUrl: "http://127.0.0.1:8477", ...options }))).toEqual({
      baseUrl: "http://127.0.0.1:8477",
      format: "jpg",
      signed: false,
      ...options,
    });
    expect(() => parseProxyUrl("https://acme.com/hero.png")).toThrow("expected {server}/v1/");
  });
});

describe("parseProxyUrl", () => {
  const refusals: [string, string][] = [
    ["an image", "https://acme.com/hero.png"],
    ["a source that is no percent-encoding", "https://a.b/v1/pk_abc/cdn.acme.com/%E0%A4%A.mp4"],
    ["another format", "https://a.b/v1/pk_abc/cdn.acme.com/a.png.mov"],
    ["a duration in words", "https://a.b/v1/pk_abc/cdn.acme.com/a.png.mp4?dur=six"],
    ["an empty seed", "https://a.b/v1/pk_abc/cdn.acme.com/a.png.mp4?seed="],
    ["a padded signed source", "https://a.b/v1/pk_abc/aHR0cHM6Ly9hLmIvYw==.mp4?sig=ab&exp=1"],
    ["a signed source in plain base64", "https://a.b/v1/pk_abc/aHR0+/8.mp4?sig=ab&exp=1"],
    ["a signed source that is no UTF-8", "https://a.b/v1/pk_abc/__4.mp4?sig=ab&exp=1"],
  ];
  for (const [name, url] of refusals) {
    test(`refuses ${name}`, () => expect(() => parseProxyUrl(url)).toThrow(MotionessError));
  }

  test("reads all that buildProxyUrl writes", () => {
    const options = {
      projectKey,
      src,
      baseUrl: "https://a.b/c",
      codec: "av1",
      version: 3,
    } as const;
    expect(parseProxyUrl(buildProxyUrl({ ...options, waitMs: 0 }))).toEqual({
      ...options,
      format: "mp4",
      signed: false,
      waitMs: 0,
    });
    expect(parseProxyUrl(buildProxyUrl({ projectKey, src, baseUrl: "" })).baseUrl).toBe("");
  });
});

describe("getVideoProps", () => {
  test("plays a loop for ever, an entry once, and a hover not by itself", () => {
    const props = (mode?: "loop" | "animate-in" | "animate-on-hover") =>
      getVideoProps({ projectKey, src, ...(mode ? { mode } : {}) });
    expect(props()).toMatchObject({ loop: true, autoPlay: true, muted: true });
    expect(props("animate-in")).toMatchObject({ loop: false, autoPlay: true });
    expect(props("animate-on-hover")).toMatchObject({ loop: false, autoPlay: false });
    expect(props().poster).toBe("https://motioness.com/v1/pk_abc/cdn.acme.com/hero.png.jpg");
  });
});
