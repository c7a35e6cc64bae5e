import { describe, expect, test } from "bun:test";
import { crawlSite } from "../../../src/brand/crawl.ts";
import { errorOf } from "../../support/app-error.ts";
import { type Answer, createTestExchange, html } from "../../support/brand-site.ts";
import { openCrawl } from "../crawl-site.ts";

describe("a crawl gives up on the first page", () => {
  const rows: [string, Answer, RegExp][] = [
    ["that is missing", () => html("no", { status: 404 }), /answered with status 404/],
    ["that is down", () => html("no", { status: 503 }), /answered with status 503/],
    [
      "that is no page",
      () => new Response("%PDF", { headers: { "Content-Type": "application/pdf" } }),
      /answered with application\/pdf, expected text\/html/,
    ],
    [
      "that robots.txt forbids",
      (request) =>
        request.url.endsWith("/robots.txt")
          ? new Response("User-agent: Motioness\nDisallow: /\n")
          : undefined,
      /robots\.txt does not let this page be read/,
    ],
    [
      "that redirects for ever",
      (request) => Response.redirect(`${request.url}x`, 302),
      /redirects more than 5 times/,
    ],
    [
      "that redirects to another host",
      () => Response.redirect("http://169.254.169.254/latest/meta-data/", 302),
      /redirects to 169\.254\.169\.254: ask for that address instead/,
    ],
    [
      "that redirects to what is no web address",
      () => new Response(null, { status: 301, headers: { Location: "file:///etc/passwd" } }),
      /redirects to what is no web address/,
    ],
  ];
  test.each(rows)("%s", async (_name, answer, message) => {
    const { crawl } = openCrawl((request) => {
      const isRobots = request.url.endsWith("/robots.txt");
      return isRobots && !message.source.includes("robots") ? undefined : answer(request);
    });
    const error = await errorOf(crawl());
    expect(error.code).toBe("source_unfetchable");
    expect(error.message).toMatch(message);
  });
});

test("a redirect within the host is followed, and so is one that adds www", async () => {
  const { crawl, port } = openCrawl((request) => {
    const { hostname, pathname } = new URL(request.url);
    if (pathname === "/robots.txt") return undefined;
    if (hostname === "fernlight.example") {
      return Response.redirect(`http://www.fernlight.example:${port}/home`, 301);
    }
    return pathname === "/home" ? html("<title>Home</title><h1>Found it</h1>") : undefined;
  });
  const { brand } = await crawl("/", {
    origin: `http://fernlight.example:${port}`,
    resolve: async () => ["127.0.0.2"],
  });
  expect(brand.brandName).toBe("Home");
  expect(brand.contentInventory?.tagline).toBe("Found it");
});

describe("a crawl never reaches", () => {
  test.each([
    "http://127.0.0.1/",
    "http://127.1/",
    "http://0x7f.0.0.1/",
    "http://2130706433/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://198.18.0.1/",
    "http://192.0.2.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::7f00:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[fc00::1]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001::1]/",
    "http://[2001:db8::1]/",
    "http://user:pass@127.0.0.2/",
    "http://127.0.0.2:22/",
    "ftp://127.0.0.2/",
    "file:///etc/passwd",
  ])("%s", async (start) => {
    const deps = {
      exchange: createTestExchange(),
      signal: new AbortController().signal,
      allowedOrigins: [],
    };
    expect((await errorOf(crawlSite(deps, start))).code).toBe("source_unfetchable");
  });

  test("a private address behind a public name, first or among others", async () => {
    for (const addresses of [["10.0.0.1"], ["127.0.0.2", "10.0.0.1"]]) {
      const { crawl, visits } = openCrawl();
      const origin = "http://rebound.example";
      const error = await errorOf(crawl("/", { origin, resolve: async () => addresses }));
      expect(error.message).toContain("expected a public address that answers");
      expect(visits).toEqual([]);
    }
  });

  test("a name that is public when it is asked for robots.txt and private afterwards", async () => {
    const { crawl, visits, port } = openCrawl();
    let asked = 0;
    const resolve = async () => (asked++ === 0 ? ["127.0.0.2"] : ["127.0.0.1"]);
    const error = await errorOf(crawl("/", { origin: `http://rebound.example:${port}`, resolve }));
    expect(error.code).toBe("source_unfetchable");
    expect(visits).toEqual(["/robots.txt"]);
  });

  test("another host's style sheets, or what a page's links lead to by redirects", async () => {
    const { crawl, visits } = openCrawl((request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/pricing") return Response.redirect("http://127.0.0.1:1/", 302);
      if (pathname !== "/") return undefined;
      return html(
        '<h1>Safe</h1><a href="/pricing">x</a><a href="//127.0.0.1/">y</a>' +
          '<link rel="stylesheet" href="http://10.0.0.1/a.css">',
      );
    });
    expect((await crawl()).texts).toHaveLength(1);
    expect(visits).toEqual(["/robots.txt", "/", "/pricing"]);
  });
});
