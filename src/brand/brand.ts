/** What is known of a brand: any part of it may be missing. */
export interface BrandContext {
  readonly brandName?: string;
  readonly colors?: BrandColors;
  readonly fonts?: { readonly heading?: string; readonly body?: string };
  readonly logoUrl?: string;
  readonly contentInventory?: ContentInventory;
  readonly messagingContext?: MessagingContext;
  readonly designContext?: DesignContext;
}

export const colourRoles = ["primary", "secondary", "accent", "background", "foreground"] as const;
export type ColourRole = (typeof colourRoles)[number];
/** `#rrggbb` or `#rgb`. */
export type BrandColors = { readonly [R in ColourRole]?: string };

/** What a site says. */
export interface ContentInventory {
  readonly tagline?: string;
  readonly description?: string;
  readonly features?: readonly Feature[];
  readonly pricing?: readonly PricingTier[];
  readonly testimonials?: readonly Testimonial[];
  readonly stats?: readonly Stat[];
  readonly announcements?: readonly Announcement[];
  readonly codeExamples?: readonly CodeExample[];
}

export interface Feature {
  readonly title: string;
  readonly description: string;
  readonly icon?: string;
}

export interface PricingTier {
  readonly tier: string;
  readonly price: string;
  readonly features: readonly string[];
}

export interface Testimonial {
  readonly quote: string;
  readonly author: string;
  readonly role?: string;
}

export interface Stat {
  readonly label: string;
  readonly value: string;
}

export interface Announcement {
  readonly title: string;
  readonly date?: string;
  readonly body: string;
}

export interface CodeExample {
  readonly language: string;
  readonly code: string;
  readonly label?: string;
}

/** How a site speaks, and to whom. */
export interface MessagingContext {
  readonly tone?: string;
  readonly targetAudience?: string;
  readonly valueProps?: readonly string[];
  readonly ctas?: readonly string[];
}

export const borderRadii = ["sharp", "rounded", "pill"] as const;
export const backgroundPatterns = ["dot-grid", "line-grid", "gradient-only", "solid"] as const;
export type BackgroundPattern = (typeof backgroundPatterns)[number];
export const colourSchemes = ["dark", "light"] as const;

/** How a site looks. */
export interface DesignContext {
  readonly vibe?: string;
  readonly borderRadius?: (typeof borderRadii)[number];
  readonly backgroundPattern?: BackgroundPattern;
  readonly hasGlassmorphism?: boolean;
  readonly hasGradientBorders?: boolean;
  readonly hasRadialGlows?: boolean;
  readonly monoFont?: string;
  readonly sectionLabelStyle?: string;
  readonly colorScheme?: (typeof colourSchemes)[number];
}

/**
 * The longest texts (characters) and lists of a brand, whoever wrote them: a visitor's site or a
 * form. All of it together stays under 64 KB or so.
 */
export const brandLimits = {
  name: 120,
  font: 100,
  url: 2048,
  tagline: 200,
  description: 1000,
  features: 24,
  tiers: 10,
  tierFeatures: 20,
  testimonials: 12,
  stats: 20,
  announcements: 10,
  codeExamples: 6,
  title: 120,
  text: 500,
  short: 60,
  line: 200,
  code: 2000,
  valueProps: 12,
  ctas: 12,
} as const;

/** A stored brand, or undefined where a project has none. */
export function parseStoredBrand(stored: string | null): BrandContext | undefined {
  return stored === null ? undefined : (JSON.parse(stored) as BrandContext);
}

/** A change of a brand: what is absent is kept, what is null is removed. */
export type BrandChanges = { readonly [K in keyof BrandContext]?: BrandContext[K] | null };

/**
 * A brand with a change made to it. The groups (colours, fonts, …) are changed key by key; lists
 * are replaced whole.
 */
export function mergeBrand(brand: BrandContext, changes: BrandChanges): BrandContext {
  const merged: Record<string, unknown> = { ...brand };
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete merged[key];
    else if (typeof value === "object") merged[key] = { ...asGroup(merged[key]), ...value };
    else if (value !== undefined) merged[key] = value;
  }
  return merged;
}

function asGroup(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
