import { afterEach, describe, expect, test } from "bun:test";
import { crawlSite, pagesMax } from "../../src/brand/crawl.ts";
import { errorOf } from "../support/app-error.ts";
import { type Answer, createTestExchange, html, openBrandSite } from "../support/brand-site.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function open(answer?: Answer) {
  const site = openBrandSite(answer);
  closers.push(site.close);
  const crawl = (
    path = "/",
    options: {
      readonly signal?: AbortSignal;
      readonly origin?: string;
      readonly resolve?: (hostname: string) => Promise<readonly string[]>;
    } = {},
  ) => {
    const origin = options.origin ?? site.origin;
    return crawlSite(
      {
        exchange: createTestExchange(options.resolve),
        signal: options.signal ?? new AbortController().signal,
        allowedOrigins: [site.origin, origin],
      },
      origin + path,
    );
  };
  return { ...site, crawl };
}

describe("a crawl of a site", () => {
  const site = openBrandSite();
  const crawled = crawlSite(
    {
      exchange: createTestExchange(),
      signal: new AbortController().signal,
      allowedOrigins: [site.origin],
    },
    `${site.origin}/`,
  ).finally(site.close);

  test("finds who it is", async () => {
    const { brand, pages } = await crawled;
    expect(pages).toBe(4);
    expect(brand).toMatchObject({
      brandName: "Fernlight",
      logoUrl: `${site.origin}/assets/fernlight-logo.svg`,
    });
    expect(brand.contentInventory).toMatchObject({
      tagline: "Invoices your customers actually understand",
      description: "Fernlight turns usage into invoices your customers understand & pay on time.",
    });
  });

  test("finds its colours by what custom properties call them, on the light side", async () => {
    const { colors } = (await crawled).brand;
    expect(colors).toEqual({
      primary: "#00766e",
      accent: "#f97015",
      background: "#fdfcf8",
      foreground: "#1c1917",
    });
  });

  test("finds its fonts and its look", async () => {
    const { fonts, designContext } = (await crawled).brand;
    expect(fonts).toEqual({ heading: "Fraunces", body: "Inter" });
    expect(designContext).toEqual({
      vibe: "light, calm, editorial, luminous",
      borderRadius: "rounded",
      backgroundPattern: "dot-grid",
      hasGlassmorphism: true,
      hasGradientBorders: false,
      hasRadialGlows: true,
      monoFont: "JetBrains Mono",
      sectionLabelStyle: "uppercase spaced",
      colorScheme: "light",
    });
  });

  test("finds its features on every page, and nothing of cookies and footers", async () => {
    const { features } = (await crawled).brand.contentInventory ?? {};
    expect(features).toEqual([
      {
        title: "Metering",
        description: "Count anything you sell, to the millisecond — and replay it later.",
        icon: "meter",
      },
      {
        title: "Explanations",
        description: "Each line of your invoice links to the events behind it.",
        icon: `${site.origin}/assets/explain.svg`,
      },
      {
        title: "Dunning & care",
        description: "Friendly reminders that keep your customers with you.",
        icon: "🌿",
      },
      { title: "Tax", description: "Rates for every region you sell in, kept current." },
      {
        title: "Exports",
        description: "Ledgers for your accountant, in the format that she wants.",
      },
    ]);
  });

  test("finds prices with what they buy", async () => {
    expect((await crawled).brand.contentInventory?.pricing).toEqual([
      { tier: "Sprout", price: "Free", features: ["1,000 events", "One seat"] },
      { tier: "Grove", price: "$49 / month", features: ["1M events", "Dunning"] },
      { tier: "Forest", price: "€1,200 per year", features: ["SSO"] },
    ]);
  });

  test("finds what others say, figures, news and code", async () => {
    const content = (await crawled).brand.contentInventory;
    expect(content?.testimonials).toEqual([
      {
        quote: "Our support queue for billing is simply gone.",
        author: "Maija Laine",
        role: "CFO at Northwind Tools",
      },
      {
        quote: "We switched in an afternoon and never looked back.",
        author: "Ben Okoro",
        role: "Founder, Tidepool",
      },
    ]);
    expect(content?.stats).toEqual([
      { label: "uptime last year", value: "99.99%" },
      { label: "median ingest time", value: "12 ms" },
      { label: "invoices explained", value: "4.2M+" },
    ]);
    expect(content?.announcements).toEqual([
      {
        title: "Explanations, now in Finnish",
        date: "2026-10-02",
        body: "Every line of every invoice, in the language of whoever pays it.",
      },
      {
        title: "We measured our meters",
        date: "May 2026",
        body: "Twelve milliseconds at the median. Here is how.",
      },
    ]);
    expect(content?.codeExamples).toEqual([
      {
        language: "ts",
        code: 'await fernlight.track({\n  customer: "cus_1",\n  event: "api_call",\n});',
        label: "Send an event",
      },
    ]);
  });

  test("finds how it speaks, and to whom", async () => {
    const { messagingContext } = (await crawled).brand;
    expect(messagingContext?.targetAudience).toBe("small software teams");
    expect(messagingContext?.ctas).toEqual(["Start free trial", "Book a demo"]);
    expect(messagingContext?.valueProps).toEqual([
      "Everything your finance team asks you for",
      "Built for developers",
    ]);
    expect(messagingContext?.tone).toContain("direct");
  });

  test("asks the telling pages first, and none that is private, elsewhere or no page", async () => {
    await crawled;
    expect(site.visits).toEqual([
      "/robots.txt",
      "/",
      "/pricing",
      "/features",
      "/blog",
      "/demo",
      "/assets/site.css?v=3",
    ]);
  });
});

describe("a crawl is bounded", () => {
  test("in its pages", async () => {
    const links = Array.from({ length: 50 }, (_, index) => `<a href="/p${index}">x</a>`).join("");
    const { crawl, visits } = open((request) => {
      return request.url.endsWith(".txt") ? undefined : html(`<h1>Page</h1>${links}`);
    });
    expect((await crawl()).pages).toBe(pagesMax);
    expect(visits).toHaveLength(pagesMax + 1);
  });

  test("in what it reads of one: the beginning counts", async () => {
    const { crawl } = open((request) => {
      if (request.url.endsWith(".txt")) return undefined;
      let text = "<h1>The very first</h1>";
      const body = new ReadableStream({
        async pull(controller) {
          await new Promise((resolve) => setImmediate(resolve));
          controller.enqueue(new TextEncoder().encode(text));
          text = "<p>more</p>".repeat(9000);
        },
      });
      return new Response(body, { headers: { "Content-Type": "text/html" } });
    });
    expect((await crawl()).brand.contentInventory?.tagline).toBe("The very first");
  });

  test("in its time, by the signal", async () => {
    const stop = new AbortController();
    const { crawl } = open((request) => {
      if (request.url.endsWith(".txt")) return undefined;
      stop.abort(new Error("the time is up"));
      return new Promise<Response>(() => {});
    });
    await expect(crawl("/", { signal: stop.signal })).rejects.toThrow("the time is up");
  });
});

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
    const { crawl } = open((request) => {
      const isRobots = request.url.endsWith("/robots.txt");
      return isRobots && !message.source.includes("robots") ? undefined : answer(request);
    });
    const error = await errorOf(crawl());
    expect(error.code).toBe("source_unfetchable");
    expect(error.message).toMatch(message);
  });
});

test("a redirect within the host is followed, and so is one that adds www", async () => {
  const { crawl, port } = open((request) => {
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
      const { crawl, visits } = open();
      const origin = "http://rebound.example";
      const error = await errorOf(crawl("/", { origin, resolve: async () => addresses }));
      expect(error.message).toContain("expected a public address that answers");
      expect(visits).toEqual([]);
    }
  });

  test("a name that is public when it is asked for robots.txt and private afterwards", async () => {
    const { crawl, visits, port } = open();
    let asked = 0;
    const resolve = async () => (asked++ === 0 ? ["127.0.0.2"] : ["127.0.0.1"]);
    const error = await errorOf(crawl("/", { origin: `http://rebound.example:${port}`, resolve }));
    expect(error.code).toBe("source_unfetchable");
    expect(visits).toEqual(["/robots.txt"]);
  });

  test("another host's style sheets, or what a page's links lead to by redirects", async () => {
    const { crawl, visits } = open((request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/pricing") return Response.redirect("http://127.0.0.1:1/", 302);
      if (pathname !== "/") return undefined;
      return html(
        '<h1>Safe</h1><a href="/pricing">x</a><a href="//127.0.0.1/">y</a>' +
          '<link rel="stylesheet" href="http://10.0.0.1/a.css">',
      );
    });
    expect((await crawl()).pages).toBe(1);
    expect(visits).toEqual(["/robots.txt", "/", "/pricing"]);
  });
});

test("a site that says nothing has its host for a name, and that is all right", async () => {
  const { crawl, port } = open((request) => {
    return request.url.endsWith(".txt") ? undefined : html("");
  });
  const origin = `http://www.quiet-garden.co.uk:${port}`;
  const { brand } = await crawl("/", { origin, resolve: async () => ["127.0.0.2"] });
  expect(brand.brandName).toBe("Quiet-garden");
  expect(brand.colors).toBeUndefined();
});

test("a page is read in the encoding that it says", async () => {
  const { crawl } = open((request) =>
    request.url.endsWith(".txt")
      ? undefined
      : new Response(Buffer.from("<meta charset=iso-8859-1><h1>Caf\xe9 nu</h1>", "latin1"), {
          headers: { "Content-Type": "text/html" },
        }),
  );
  expect((await crawl()).brand.contentInventory?.tagline).toBe("Café nu");
});
