import {
  type BackgroundPattern,
  type BrandColors,
  type BrandContext,
  brandLimits,
  type DesignContext,
} from "../brand.ts";
import { customPropertiesOf, type Declaration, resolveValue } from "../site/css.ts";
import { chromaOf } from "./colours.ts";
import { isDark } from "./palette.ts";

export interface DesignInput {
  readonly css: readonly Declaration[];
  readonly colours: BrandColors;
  /** Of the page's `color-scheme`. */
  readonly declaredScheme: string | undefined;
  /** The families that the page loads from a font service. */
  readonly loadedFonts: readonly string[];
}

/** How a site looks, by its style sheets. */
export function extractDesign(
  input: DesignInput,
): Required<Pick<BrandContext, "designContext">> & Pick<BrandContext, "fonts"> {
  const { css, colours } = input;
  const fonts = fontsOf(input);
  const borderRadius = radiusOf(css);
  const hasGlassmorphism = css.some(
    ({ property, value }) => /^(?:-webkit-)?backdrop-filter$/.test(property) && /blur/.test(value),
  );
  const hasSize = css.some(({ property }) => property === "background-size");
  const hasRadialGlows = css.some(({ value }) => isGlow(value) && !isDotGrid(value, hasSize));
  const backgroundPattern = patternOf(css, hasSize);
  const colorScheme = isDark(colours, input.declaredScheme) ? "dark" : "light";
  const sectionLabelStyle = labelStyleOf(css);
  const design: DesignContext = {
    vibe: vibeOf({ colours, colorScheme, fonts, hasGlassmorphism, hasRadialGlows, borderRadius }),
    ...(borderRadius === undefined ? {} : { borderRadius }),
    backgroundPattern,
    hasGlassmorphism,
    hasGradientBorders: css.some(isGradientBorder),
    hasRadialGlows,
    ...(fonts.mono === undefined ? {} : { monoFont: fonts.mono }),
    ...(sectionLabelStyle === undefined ? {} : { sectionLabelStyle }),
    colorScheme,
  };
  const { heading, body } = fonts;
  const named = { ...(heading ? { heading } : {}), ...(body ? { body } : {}) };
  return { designContext: design, ...(heading || body ? { fonts: named } : {}) };
}

interface Fonts {
  readonly heading: string | undefined;
  readonly body: string | undefined;
  readonly mono: string | undefined;
}

function fontsOf({ css, loadedFonts }: DesignInput): Fonts {
  const properties = customPropertiesOf(css);
  const family = (value: string) => familyOf(value, properties);
  const called = (rule: RegExp) =>
    [...properties]
      .filter(([name]) => rule.test(name))
      .map(([, value]) => family(value))
      .find((name) => name !== undefined);
  const used = (selector: RegExp) =>
    css
      .filter((declaration) => /^font(?:-family)?$/.test(declaration.property))
      .filter((declaration) => selector.test(declaration.selector))
      .map(({ property, value }) => family(property === "font" ? behindSize(value) : value))
      .findLast((name) => name !== undefined);
  const [first, second] = loadedFonts.filter((name) => !/mono|code/i.test(name));
  const body =
    used(/(?:^|,\s*)(?:body|html)\b/) ?? called(/font.*(?:body|sans|base|text)/) ?? second ?? first;
  return {
    heading: called(/font.*(?:head|display|title)/) ?? used(/(?:^|,\s*)h[12]\b/) ?? first ?? body,
    body,
    mono:
      called(/font.*(?:mono|code)/) ??
      used(/(?:^|,\s*)(?:code|pre|kbd)\b/) ??
      loadedFonts.find((name) => /mono|code/i.test(name)),
  };
}

const generic =
  /^(?:serif|sans-serif|monospace|cursive|fantasy|system-ui|ui-[\w-]+|inherit|initial|unset|revert|-apple-system|blinkmacsystemfont)$/i;

/** The first family of a list that is a font's own name. */
function familyOf(value: string, properties: ReadonlyMap<string, string>): string | undefined {
  return resolveValue(value, properties)
    ?.split(",")
    .map((name) => name.trim().replace(/^["']|["']$/g, ""))
    .find((name) => /^[\p{L}][\p{L}\d _-]*$/u.test(name) && !generic.test(name))
    ?.slice(0, brandLimits.font);
}

/** Of the `font` shorthand, the families: they follow the size. */
function behindSize(font: string): string {
  return /(?:^|\s)\d[\w.%]*(?:\/[\w.%]+)?\s+(.*)$/.exec(font)?.[1] ?? "";
}

function radiusOf(css: readonly Declaration[]): DesignContext["borderRadius"] {
  const properties = customPropertiesOf(css);
  const pixels = (value: string) => lengthOf(resolveValue(value, properties) ?? "");
  const on = (selector: RegExp) =>
    css
      .filter(({ property }) => property === "border-radius")
      .filter((declaration) => selector.test(declaration.selector))
      .map(({ value }) => pixels(value))
      .findLast((length) => length !== undefined);
  const declared = [...properties].find(([name]) =>
    /^--(?:border-)?radius(?:-(?:md|base))?$/.test(name),
  );
  const radius =
    on(/\b(?:btn|button|cta)\b|button/i) ??
    (declared && pixels(declared[1])) ??
    on(/card|panel|box|tile/i);
  if (radius === undefined) return undefined;
  if (radius <= 2) return "sharp";
  return radius >= 24 ? "pill" : "rounded";
}

/** A CSS length in pixels; half of a box or more is as good as infinite. */
function lengthOf(value: string): number | undefined {
  const [, number, unit] = /^([\d.]+)(px|rem|em|%)?(?:\s|$)/.exec(value.trim()) ?? [];
  if (number === undefined) return undefined;
  if (unit === "%") return Number(number) >= 50 ? 9999 : Number(number);
  return Number(number) * (unit === "rem" || unit === "em" ? 16 : 1);
}

/** What lies behind the page or its first section. */
function patternOf(css: readonly Declaration[], hasSize: boolean): BackgroundPattern {
  const grounds = css
    .filter(({ property }) => /^background(?:-image)?$/.test(property))
    .filter(({ selector }) => /body|html|:root|hero|main|page|bg|grid|dots|pattern/i.test(selector))
    .map(({ value }) => value);
  if (grounds.some((value) => isDotGrid(value, hasSize))) return "dot-grid";
  if (grounds.some(isLineGrid)) return "line-grid";
  return grounds.some((value) => /gradient\(/.test(value)) ? "gradient-only" : "solid";
}

/** Dots of a pixel or two, repeated: a size is set, or the first stop says so. */
function isDotGrid(value: string, hasSize: boolean): boolean {
  const stops = gradientsOf("radial", value);
  if (!stops.some((stop) => /\b[1-3](?:\.\d+)?px\b/.test(stop))) return false;
  return hasSize || /\/\s*\d+px/.test(value);
}

/** Lines of a pixel or two, and nothing between them. */
function isLineGrid(value: string): boolean {
  return gradientsOf("linear", value).some((stops) => {
    const line = stops.search(/\b[12]px\b/);
    return line >= 0 && stops.includes("transparent", line);
  });
}

/**
 * What stands in the gradients of a value, up to the first closing parenthesis. Cut out and not
 * matched as one rule with what is looked for in them: that takes the square of a value's length.
 */
function gradientsOf(kind: "linear" | "radial", value: string): readonly string[] {
  const name = `${kind}-gradient(`;
  return value
    .split(")")
    .filter((piece) => piece.includes(name))
    .map((piece) => piece.slice(piece.indexOf(name)));
}

/** Light that fades into nothing. */
function isGlow(value: string): boolean {
  const start = value.indexOf("radial-gradient(");
  const nothing = /transparent|rgba?\([^()]*[,/]\s*0(?:%|\))|#[\da-f]{6}00\b/i;
  return start >= 0 && nothing.test(value.slice(start));
}

function isGradientBorder({ property, value }: Declaration): boolean {
  if (/^border-image(?:-source)?$/.test(property)) return /gradient\(/.test(value);
  return /gradient\(/.test(value) && /padding-box/.test(value) && /border-box/.test(value);
}

/** The small words above a section's heading. */
function labelStyleOf(css: readonly Declaration[]): string | undefined {
  const rules = css.filter(({ selector }) =>
    /eyebrow|kicker|overline|section-?label|tagline-?label/i.test(selector),
  );
  const has = (property: RegExp, value: RegExp) =>
    rules.some((rule) => property.test(rule.property) && value.test(rule.value));
  const words = [
    has(/^text-transform$/, /uppercase/) ? "uppercase" : undefined,
    has(/^font(?:-family)?$/, /mono/i) ? "monospace" : undefined,
    has(/^letter-spacing$/, /[1-9]/) ? "spaced" : undefined,
    has(/^border-radius$/, /\d{3,}px|[1-9]\drem|50%/) ? "pill" : undefined,
  ].filter((word) => word !== undefined);
  return words.length === 0 ? undefined : words.join(" ");
}

interface Impression {
  readonly colours: BrandColors;
  readonly colorScheme: "dark" | "light";
  readonly fonts: Fonts;
  readonly hasGlassmorphism: boolean;
  readonly hasRadialGlows: boolean;
  readonly borderRadius: DesignContext["borderRadius"];
}

/** The look in a few words. */
function vibeOf(impression: Impression): string {
  const { colours, fonts, borderRadius } = impression;
  const { primary } = colours;
  const chroma = primary === undefined ? 0 : chromaOf(primary);
  const heading = fonts.heading ?? "";
  const words = [
    impression.colorScheme,
    chroma > 0.6 ? "vivid" : chroma < 0.15 ? "monochrome" : "calm",
    /serif(?!.*sans)|garamond|playfair|lora|merriweather|georgia|times|caslon|didot|fraunces|newsreader|bodoni/i.test(
      heading,
    )
      ? "editorial"
      : fonts.mono !== undefined && impression.colorScheme === "dark"
        ? "technical"
        : "modern",
    impression.hasGlassmorphism || impression.hasRadialGlows ? "luminous" : undefined,
    borderRadius === "pill" ? "friendly" : borderRadius === "sharp" ? "precise" : undefined,
  ];
  return words.filter((word) => word !== undefined).join(", ");
}
