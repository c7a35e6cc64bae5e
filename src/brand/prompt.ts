import type { BrandContext, DesignContext } from "./brand.ts";

/** Whatever a site says of itself, a line stays a line. */
const lineLengthMax = 240;

/**
 * The brand as lines for a prompt: Brand, Tone, Target, Colors and Vibe, those that something is
 * known for. Undefined when nothing is. What others wrote becomes plain text on one line each, so
 * that a site cannot add lines of its own.
 */
export function brandBlock(brand: BrandContext | undefined): string | undefined {
  if (!brand) return undefined;
  const { brandName, contentInventory: content, messagingContext: messaging, colors } = brand;
  const lines = [
    line("Brand", [brandName, content?.tagline ?? content?.description], " — "),
    line("Tone", [messaging?.tone]),
    line("Target", [messaging?.targetAudience]),
    line("Colors", [named("primary", colors?.primary), named("accent", colors?.accent)]),
    line("Vibe", vibeOf(brand.designContext)),
  ].filter((text) => text !== undefined);
  return lines.length === 0 ? undefined : lines.join("\n");
}

function line(
  label: string,
  parts: readonly (string | undefined)[],
  separator = ", ",
): string | undefined {
  const known = parts.map((part) => part && plain(part)).filter((part) => part);
  if (known.length === 0) return undefined;
  return `${label}: ${known.join(separator)}`.slice(0, lineLengthMax);
}

function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
}

function named(role: string, colour: string | undefined): string | undefined {
  return colour === undefined ? undefined : `${role} ${colour}`;
}

function vibeOf(design: DesignContext | undefined): readonly (string | undefined)[] {
  if (!design) return [];
  const { borderRadius, backgroundPattern, hasGlassmorphism } = design;
  return [
    design.vibe,
    borderRadius && `${borderRadius} corners`,
    backgroundPattern && `${backgroundPattern} background`,
    hasGlassmorphism ? "glass" : undefined,
  ];
}
