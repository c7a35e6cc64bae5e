import { describe, expect, test } from "bun:test";
import { buildProxyUrl, defaultOptions, embedSnippet, modeOf } from "../../public/proxy-url.ts";

const input = {
  base: "http://127.0.0.1:8477/",
  projectKey: "pk_abc",
  src: "http://127.0.0.1:8477/uploads/usr_demo/1-a.png",
  format: "mp4",
  options: defaultOptions,
} as const;

describe("a proxy URL", () => {
  test("is the source without its scheme behind server and key, and names its options", () => {
    expect(buildProxyUrl(input)).toBe(
      "http://127.0.0.1:8477/v1/pk_abc/127.0.0.1:8477/uploads/usr_demo/1-a.png.mp4" +
        "?motion=medium&mode=loop&dur=4",
    );
  });

  test("names aspect and seed only when they were chosen", () => {
    const options = { ...defaultOptions, aspect: "16:9", seed: 0 } as const;
    expect(buildProxyUrl({ ...input, format: "jpg", options })).toEndWith(
      "1-a.png.jpg?motion=medium&mode=loop&dur=4&aspect=16:9&seed=0",
    );
  });

  test("keeps the source's own query in the path and drops its fragment", () => {
    const src = "https://cdn.example.com/a.png?size=2&x=1#top";
    expect(buildProxyUrl({ ...input, src })).toContain(
      "/cdn.example.com/a.png%3Fsize=2&x=1.mp4?motion=",
    );
  });

  test.each([
    ["/v1/k/h/a.png.mp4?mode=animate-in", "animate-in"],
    ["/v1/k/h/a.png.mp4?mode=backwards", "loop"],
    ["/v1/k/h/a.png.mp4", "loop"],
  ])("%p asks for the mode %p", (url, mode) => {
    expect(modeOf(url)).toBe(mode as never);
  });
});

describe("the HTML to embed", () => {
  const embed = {
    mp4Url: "http://h/a.mp4?motion=medium&mode=loop",
    posterUrl: "http://h/a.jpg",
    width: 1280,
    height: 854,
  };

  test("escapes the URL and states the size, so that nothing shifts while it loads", () => {
    const snippet = embedSnippet({ ...embed, mode: "loop" });
    expect(snippet).toContain('src="http://h/a.mp4?motion=medium&amp;mode=loop"');
    expect(snippet).toContain('width="1280" height="854"');
  });

  test.each([
    ["loop", /autoplay muted loop playsinline>/],
    ["animate-in", /autoplay muted playsinline>/],
    ["animate-on-hover", /onmouseenter="this\.play\(\)".*onfocus="this\.play\(\)"/s],
  ] as const)("plays back as the mode %p says", (mode, attributes) => {
    expect(embedSnippet({ ...embed, mode })).toMatch(attributes);
  });
});
