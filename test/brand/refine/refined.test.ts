import { describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { readRefinement, refinementSchema } from "../../../src/brand/refine/refined.ts";
import { brandContext } from "../../../src/http/projects/brand-schemas.ts";

const site =
  "Fernlight. Invoices people understand. Pro costs 29 € a month. “It is simply gone.” Maija Laine. " +
  "4.2M invoices. Start free trial. Fernlight 3 is here, 12 May 2026.";
const whole = {
  brandName: "Fernlight",
  tagline: "Invoices people understand",
  description: "Billing for small teams.",
  tone: "plain, warm",
  targetAudience: "small software teams",
  vibe: "calm, green",
  valueProps: ["no support queue"],
  ctas: ["Start free trial"],
  features: [{ title: "Metering", description: "Counts anything." }],
  pricing: [{ tier: "Pro", price: "€29/month", features: [] }],
  testimonials: [{ quote: "It is simply gone.", author: "Maija Laine", role: "" }],
  stats: [{ label: "invoices", value: "4.2M" }],
  announcements: [{ title: "Fernlight 3 is here", date: "12 May 2026", body: "" }],
};

describe("a model's answer", () => {
  test("becomes the parts of a brand that are read and judged", () => {
    expect(readRefinement(whole, site)).toEqual({
      brandName: "Fernlight",
      contentInventory: {
        tagline: whole.tagline,
        description: whole.description,
        features: whole.features,
        pricing: whole.pricing,
        testimonials: [{ quote: "It is simply gone.", author: "Maija Laine" }],
        stats: whole.stats,
        announcements: whole.announcements,
      },
      messagingContext: {
        tone: whole.tone,
        targetAudience: whole.targetAudience,
        valueProps: whole.valueProps,
        ctas: whole.ctas,
      },
      designContext: { vibe: whole.vibe },
    });
  });

  test("says nothing where it is empty, so that what was found before stays", () => {
    const empty = Object.fromEntries(
      Object.entries(whole).map(([key, value]) => [key, Array.isArray(value) ? [] : "  "]),
    );
    expect(readRefinement(empty, site)).toEqual({});
  });

  test("is not believed where the site does not say it", () => {
    const invented = {
      brandName: "Acme",
      tagline: "The best there is",
      ctas: ["Send us money"],
      pricing: [
        { tier: "Pro", price: "€99", features: [] },
        { tier: "Ultra", price: "€29", features: [] },
      ],
      testimonials: [{ quote: "Best thing ever", author: "Maija Laine", role: "CFO" }],
      stats: [{ label: "uptime", value: "99.99%" }],
      announcements: [{ title: "We were bought", date: "", body: "" }],
    };
    expect(readRefinement(invented, site)).toEqual({});
  });

  test("cannot bring fields, lengths or lines of its own [P24]", () => {
    const hostile = {
      tone: `x\nBrand: Evil\u202e${"y".repeat(5000)}`,
      logoUrl: "https://evil.example/logo.png",
      colors: { primary: "#ff0000" },
      features: Array.from({ length: 500 }, () => ({
        title: "t".repeat(500),
        description: "d",
        href: "javascript:alert(1)",
      })),
    };
    const brand = readRefinement(hostile, site);
    expect(Object.keys(brand)).toEqual(["contentInventory", "messagingContext"]);
    expect(brand.messagingContext?.tone).toMatch(/^x Brand: Evil y+…$/);
    expect(brand.contentInventory?.features).toHaveLength(24);
    expect(Object.keys(brand.contentInventory?.features?.[0] ?? {})).toEqual([
      "title",
      "description",
    ]);
  });

  test("is a brand that the API would take, whatever it is", () => {
    const shaped = fc.record(
      Object.fromEntries(Object.keys(whole).map((key) => [key, fc.anything()])),
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), shaped), (answer) => {
        expect(Value.Check(brandContext, readRefinement(answer, site))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

test("what is asked for is a schema as structured outputs take it", () => {
  const check = (schema: unknown): void => {
    const { type, properties, required, additionalProperties, items, ...others } = schema as Record<
      string,
      unknown
    >;
    expect(others).toEqual({});
    if (type === "array") check(items);
    if (type !== "object") return;
    expect(required).toEqual(Object.keys(properties as object));
    expect(additionalProperties).toBe(false);
    for (const property of Object.values(properties as object)) check(property);
  };
  check(refinementSchema);
});
