import { describe, expect, test } from "bun:test";
import { crawlSite, pagesMax } from "../../src/brand/crawl.ts";
import { createTestExchange, html, openBrandSite } from "../support/brand-site.ts";
import { openCrawl } from "./crawl-site.ts";

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
    const { brand, texts } = await crawled;
    expect(texts.map(({ url }) => new URL(url).pathname)).toEqual([
      "/",
      "/pricing",
      "/features",
      "/blog",
    ]);
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
    const { crawl, visits } = openCrawl((request) => {
      return request.url.endsWith(".txt") ? undefined : html(`<h1>Page</h1>${links}`);
    });
    expect((await crawl()).texts).toHaveLength(pagesMax);
    expect(visits).toHaveLength(pagesMax + 1);
  });

  test("in what it reads of one: the beginning counts", async () => {
    const { crawl } = openCrawl((request) => {
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
    const { crawl } = openCrawl((request) => {
      if (request.url.endsWith(".txt")) return undefined;
      stop.abort(new Error("the time is up"));
      return new Promise<Response>(() => {});
    });
    await expect(crawl("/", { signal: stop.signal })).rejects.toThrow("the time is up");
  });
});

test("a site that says nothing has its host for a name, and that is all right", async () => {
  const { crawl, port } = openCrawl((request) => {
    return request.url.endsWith(".txt") ? undefined : html("");
  });
  const origin = `http://www.quiet-garden.co.uk:${port}`;
  const { brand } = await crawl("/", { origin, resolve: async () => ["127.0.0.2"] });
  expect(brand.brandName).toBe("Quiet-garden");
  expect(brand.colors).toBeUndefined();
});

test("a page is read in the encoding that it says", async () => {
  const { crawl } = openCrawl((request) =>
    request.url.endsWith(".txt")
      ? undefined
      : new Response(Buffer.from("<meta charset=iso-8859-1><h1>Caf\xe9 nu</h1>", "latin1"), {
          headers: { "Content-Type": "text/html" },
        }),
  );
  expect((await crawl()).brand.contentInventory?.tagline).toBe("Café nu");
});
