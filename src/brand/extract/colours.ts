/** A colour of the screen, each part 0 to 1. */
export interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

/** Names of colours that sites write; the rest of the 148 nobody brands with. */
const named: Readonly<Record<string, string>> = {
  white: "#ffffff",
  black: "#000000",
  red: "#ff0000",
  green: "#008000",
  blue: "#0000ff",
  navy: "#000080",
  teal: "#008080",
  orange: "#ffa500",
  purple: "#800080",
  crimson: "#dc143c",
  tomato: "#ff6347",
  coral: "#ff7f50",
  gold: "#ffd700",
  indigo: "#4b0082",
  rebeccapurple: "#663399",
  whitesmoke: "#f5f5f5",
};

/**
 * A CSS colour as `#rrggbb`: hex, `rgb()`, `hsl()`, `oklch()`, `oklab()`, a bare `H S% L%` (as
 * some design systems keep in custom properties), or one of the usual names. Undefined for
 * anything else, and for what is nearly transparent.
 */
export function toHex(text: string): string | undefined {
  const value = text.trim().toLowerCase();
  const name = named[value];
  if (name !== undefined) return name;
  if (value.startsWith("#")) return fromHex(value.slice(1));
  const call = /^(rgb|hsl|oklch|oklab)a?\(([^()]{3,80})\)$/.exec(value);
  const bare = /^[\d.]+(?:deg)?\s+[\d.]+%\s+[\d.]+%$/.test(value);
  const kind = call?.[1] ?? (bare ? "hsl" : undefined);
  const parts = (call?.[2] ?? value).split(/[\s,/]+/).filter((part) => part !== "");
  if (kind === undefined || parts.length < 3) return undefined;
  if (parts[3] !== undefined && !(scaled(parts[3], 1) >= 0.5)) return undefined;
  const rgb = fromParts(kind, parts);
  return rgb && [rgb.r, rgb.g, rgb.b].every(Number.isFinite) ? hexOf(rgb) : undefined;
}

/** How bright a colour is, 0 to 1: relative luminance (WCAG 2.2). */
export function luminanceOf(hex: string): number {
  const { r, g, b } = rgbOf(hex);
  return 0.2126 * toLinear(r) + 0.7152 * toLinear(g) + 0.0722 * toLinear(b);
}

/** How far a colour is from grey, 0 to 1: the spread of its parts. */
export function chromaOf(hex: string): number {
  const { r, g, b } = rgbOf(hex);
  return Math.max(r, g, b) - Math.min(r, g, b);
}

function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return { r: (value >> 16) / 255, g: ((value >> 8) & 255) / 255, b: (value & 255) / 255 };
}

function fromHex(digits: string): string | undefined {
  if (!/^(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/.test(digits)) return undefined;
  const whole = digits.length < 6 ? [...digits].map((digit) => digit + digit).join("") : digits;
  const alpha = whole.slice(6);
  if (alpha !== "" && Number.parseInt(alpha, 16) < 128) return undefined;
  return `#${whole.slice(0, 6)}`;
}

function fromParts(kind: string, parts: readonly string[]): Rgb | undefined {
  const [a = "", b = "", c = ""] = parts;
  switch (kind) {
    case "rgb":
      return { r: scaled(a, 255), g: scaled(b, 255), b: scaled(c, 255) };
    case "hsl":
      return fromHsl(degrees(a), scaled(b, 100), scaled(c, 100));
    case "oklch": {
      const hue = (degrees(c) * Math.PI) / 180;
      const chroma = b.endsWith("%") ? scaled(b, 1) * 0.4 : Number(b);
      return fromOklab(scaled(a, 1), chroma * Math.cos(hue), chroma * Math.sin(hue));
    }
    default: {
      const axis = (part: string) => (part.endsWith("%") ? scaled(part, 1) * 0.4 : Number(part));
      return fromOklab(scaled(a, 1), axis(b), axis(c));
    }
  }
}

/** A percentage as 0 to 1, or a number of `whole`. */
function scaled(part: string, whole: number): number {
  return part.endsWith("%") ? Number.parseFloat(part) / 100 : Number.parseFloat(part) / whole;
}

function degrees(part: string): number {
  const value = Number.parseFloat(part);
  return part.endsWith("turn")
    ? value * 360
    : part.endsWith("rad")
      ? (value * 180) / Math.PI
      : value;
}

/** CSS Color 4, §7. */
function fromHsl(hue: number, saturation: number, lightness: number): Rgb {
  const channel = (n: number) => {
    const k = (((n + hue / 30) % 12) + 12) % 12;
    const a = saturation * Math.min(lightness, 1 - lightness);
    return lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  };
  return { r: channel(0), g: channel(8), b: channel(4) };
}

/** Björn Ottosson's OKLab to linear sRGB, then its transfer curve (CSS Color 4, §9). */
function fromOklab(lightness: number, a: number, b: number): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return {
    r: fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    g: fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    b: fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  };
}

function toLinear(part: number): number {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function fromLinear(part: number): number {
  const value = Math.max(0, part);
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

function hexOf({ r, g, b }: Rgb): string {
  return `#${[r, g, b]
    .map((part) => Math.round(Math.min(1, Math.max(0, part)) * 255))
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")}`;
}
