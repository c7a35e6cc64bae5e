import type { BrandColors, ColourRole } from "../brand.ts";
import { customPropertiesOf, type Declaration, resolveValue } from "../site/css.ts";
import { chromaOf, luminanceOf, toHex } from "./colours.ts";

/** What custom properties call each colour; the first name that is there counts. */
const names: { readonly [R in ColourRole]: readonly RegExp[] } = {
  primary: [
    /^--(?:color-|clr-|c-)?(?:brand|primary)(?:-(?:color|base|main|500|600|default))?$/,
    /(?:brand|primary)(?!.*(?:foreground|text|fg|contrast|hover|light|dark))/,
  ],
  secondary: [/^--(?:color-|clr-)?secondary(?:-(?:color|base|main|500))?$/],
  accent: [
    /^--(?:color-|clr-|c-)?(?:accent|highlight)(?:-(?:color|base|main|500))?$/,
    /accent(?!.*(?:foreground|text|fg|contrast|hover))/,
  ],
  background: [/^--(?:color-|clr-|c-)?(?:background|bg|surface|page|body-bg|paper)(?:-color)?$/],
  foreground: [/^--(?:color-|clr-|c-)?(?:foreground|fg|text|body-color|ink)(?:-color)?$/],
};

/**
 * The colours of a site: by what its custom properties are called, else by where they are used,
 * else the colourful ones that are used most.
 * @param themeColour of the page's `theme-color`.
 */
export function extractColours(
  css: readonly Declaration[],
  themeColour: string | undefined,
): BrandColors {
  const light = css.filter(({ isDarkVariant }) => !isDarkVariant);
  const properties = customPropertiesOf(light);
  const called = (role: ColourRole) => findCalled(properties, names[role]);
  const used = (selector: RegExp, property: RegExp) =>
    findUsed(light, properties, { selector, property });
  const ground = /^background(?:-color)?$/;
  const buttons = /(?:^|[\s,.])(?:btn|button|cta)(?:-primary|--primary)?(?=$|[\s,:{])/i;
  const page = /^(?:html|body|:root|html\s*,\s*body)$/i;
  const frequent = mostUsed(light, properties);
  const theme = themeColour === undefined ? undefined : toHex(themeColour);
  const lively = (colour: string | undefined) =>
    colour !== undefined && chromaOf(colour) > 0.15 ? colour : undefined;

  const primary = called("primary") ?? used(buttons, ground) ?? lively(theme) ?? frequent[0];
  const others = frequent.filter((colour) => colour !== primary);
  const accent = called("accent") ?? lively(used(/^a(?::link)?$/, /^color$/)) ?? others[0];
  const colours = {
    primary,
    secondary: called("secondary") ?? others.find((colour) => colour !== accent),
    accent: accent === primary ? others[0] : accent,
    background: called("background") ?? used(page, ground),
    foreground: called("foreground") ?? used(page, /^color$/),
  };
  return Object.fromEntries(Object.entries(colours).filter(([, colour]) => colour !== undefined));
}

/** Whether a page is dark: by its background, else by the scheme that it declares. */
export function isDark(colours: BrandColors, declaredScheme: string | undefined): boolean {
  if (colours.background !== undefined) return luminanceOf(colours.background) < 0.2;
  return /^\s*(?:only\s+)?dark\b/i.test(declaredScheme ?? "");
}

function findCalled(
  properties: ReadonlyMap<string, string>,
  rules: readonly RegExp[],
): string | undefined {
  for (const rule of rules) {
    for (const [name, value] of properties) {
      const colour = rule.test(name.toLowerCase()) ? colourOf(value, properties) : undefined;
      if (colour !== undefined) return colour;
    }
  }
  return undefined;
}

/** By the last declaration, which is the one that a browser would take. */
function findUsed(
  css: readonly Declaration[],
  properties: ReadonlyMap<string, string>,
  rule: { readonly selector: RegExp; readonly property: RegExp },
): string | undefined {
  return css
    .filter(
      ({ property, selector }) => rule.property.test(property) && rule.selector.test(selector),
    )
    .map(({ value }) => colourOf(value, properties))
    .findLast((colour) => colour !== undefined);
}

function mostUsed(
  css: readonly Declaration[],
  properties: ReadonlyMap<string, string>,
): readonly string[] {
  const counts = new Map<string, number>();
  for (const { property, value } of css) {
    if (!/^(?:color|background|background-color|border-color|fill|--.*colou?r.*)$/.test(property)) {
      continue;
    }
    const colour = colourOf(value, properties);
    if (colour !== undefined && chromaOf(colour) > 0.2) {
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour);
}

function colourOf(value: string, properties: ReadonlyMap<string, string>): string | undefined {
  const resolved = resolveValue(value, properties);
  return resolved === undefined ? undefined : toHex(resolved);
}
