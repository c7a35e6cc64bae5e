import type { TProperties } from "@sinclair/typebox";
import { t } from "elysia";
import {
  backgroundPatterns,
  borderRadii,
  colourRoles,
  colourSchemes,
  brandLimits as most,
} from "../../brand/brand.ts";
import { choice } from "../answer/choice.ts";

const closed = { additionalProperties: false } as const;
const text = (maxLength: number) =>
  t.String({ minLength: 1, maxLength, error: `Expected 1 to ${maxLength} characters` });
const optional = (maxLength: number) => t.Optional(text(maxLength));
const webAddress = t.String({
  maxLength: most.url,
  pattern: "^https?://[^\\s/]+",
  error: "Expected an http or https URL",
});
const hex = t.Optional(
  t.String({
    pattern: "^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$",
    error: "Expected colours as #rrggbb or #rgb",
    examples: ["#635bff"],
  }),
);

const [primary, secondary, accent, background, foreground] = colourRoles;
const colors = t.Object(
  { [primary]: hex, [secondary]: hex, [accent]: hex, [background]: hex, [foreground]: hex },
  { ...closed, title: "BrandColors" },
);
const fonts = t.Object(
  { heading: optional(most.font), body: optional(most.font) },
  { ...closed, title: "BrandFonts" },
);

const contentInventory = t.Object(
  {
    tagline: optional(most.tagline),
    description: optional(most.description),
    features: list(most.features, {
      title: text(most.title),
      description: text(most.text),
      icon: optional(most.line),
    }),
    pricing: list(most.tiers, {
      tier: text(most.short),
      price: text(most.short),
      features: t.Array(text(most.line), { maxItems: most.tierFeatures }),
    }),
    testimonials: list(most.testimonials, {
      quote: text(most.text),
      author: text(most.title),
      role: optional(most.line),
    }),
    stats: list(most.stats, { label: text(most.title), value: text(most.short) }),
    announcements: list(most.announcements, {
      title: text(most.line),
      date: optional(most.short),
      body: t.String({ maxLength: most.description }),
    }),
    codeExamples: list(most.codeExamples, {
      language: text(most.short),
      code: text(most.code),
      label: optional(most.title),
    }),
  },
  { title: "ContentInventory", ...closed, description: "What the site says; a crawl fills it." },
);

const messagingContext = t.Object(
  {
    tone: optional(most.line),
    targetAudience: optional(most.line),
    valueProps: t.Optional(t.Array(text(most.line), { maxItems: most.valueProps })),
    ctas: t.Optional(t.Array(text(most.short), { maxItems: most.ctas })),
  },
  { title: "MessagingContext", ...closed, description: "How the brand speaks, and to whom." },
);

const designContext = t.Object(
  {
    vibe: optional(most.line),
    borderRadius: t.Optional(choice(borderRadii)),
    backgroundPattern: t.Optional(choice(backgroundPatterns)),
    hasGlassmorphism: t.Optional(t.Boolean()),
    hasGradientBorders: t.Optional(t.Boolean()),
    hasRadialGlows: t.Optional(t.Boolean()),
    monoFont: optional(most.font),
    sectionLabelStyle: optional(most.font),
    colorScheme: t.Optional(choice(colourSchemes)),
  },
  { title: "DesignContext", ...closed, description: "How the brand looks." },
);

const parts = {
  brandName: text(most.name),
  colors,
  fonts,
  logoUrl: webAddress,
  contentInventory,
  messagingContext,
  designContext,
};

/** A brand; any part of it may be missing. */
export const brandContext = t.Partial(t.Object(parts), {
  ...closed,
  title: "Brand",
  description: "What is known of the brand. It is put into the vision prompt of what is generated.",
  examples: [
    {
      brandName: "Acme",
      colors: { primary: "#635bff", accent: "#00d4ff", background: "#ffffff" },
      fonts: { heading: "Sora", body: "Inter" },
      messagingContext: { tone: "direct, technical", targetAudience: "small teams" },
      designContext: { vibe: "light, calm, modern", borderRadius: "rounded", colorScheme: "light" },
    },
  ],
});

/** A change of a brand: null removes a part, what is absent stays. */
export const brandChanges = t.Partial(
  t.Object({
    brandName: t.Nullable(parts.brandName),
    colors: t.Nullable(parts.colors),
    fonts: t.Nullable(parts.fonts),
    logoUrl: t.Nullable(parts.logoUrl),
    contentInventory: t.Nullable(parts.contentInventory),
    messagingContext: t.Nullable(parts.messagingContext),
    designContext: t.Nullable(parts.designContext),
  }),
  {
    ...closed,
    examples: [
      { brandName: "Acme", colors: { primary: "#635bff" }, messagingContext: { tone: "direct" } },
    ],
    description:
      "Groups are changed key by key and lists replaced whole; null removes a part, and what is " +
      "not sent stays.",
  },
);

function list<T extends TProperties>(maxItems: number, item: T) {
  return t.Optional(t.Array(t.Object(item, closed), { maxItems }));
}
