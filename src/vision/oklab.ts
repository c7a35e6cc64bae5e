/**
 * A colour by lightness (0 black to 1 white) and two axes of colour (`a` green to red, `b` blue to
 * yellow), in which equal distances look alike. Source: Björn Ottosson, "A perceptual color space
 * for image processing", 2020.
 */
export interface Lab {
  readonly lightness: number;
  readonly a: number;
  readonly b: number;
}

/** From sRGB bytes. */
export function labOf(red: number, green: number, blue: number): Lab {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const middle = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {
    lightness: 0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
    a: 1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short,
    b: 0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short,
  };
}

export function distance(one: Lab, other: Lab): number {
  return Math.hypot(one.lightness - other.lightness, one.a - other.a, one.b - other.b);
}

export function meanOf(labs: readonly Lab[]): Lab {
  const total = { lightness: 0, a: 0, b: 0 };
  for (const lab of labs) {
    total.lightness += lab.lightness;
    total.a += lab.a;
    total.b += lab.b;
  }
  const count = Math.max(1, labs.length);
  return { lightness: total.lightness / count, a: total.a / count, b: total.b / count };
}

/** The colour as people call it. */
export function nameOf({ lightness, a, b }: Lab): string {
  const chroma = Math.hypot(a, b);
  if (chroma < 0.035) {
    if (lightness > 0.85) return "white";
    return lightness < 0.3 ? "black" : "grey";
  }
  const hue = ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360;
  if (lightness < 0.5 && hue > 35 && hue < 100) return "brown";
  return hueNames.find(([until]) => hue < until)?.[1] ?? "red";
}

/** Up to which angle of the colour circle a name goes: Oklab's own hues of the sRGB colours. */
const hueNames = [
  [12, "pink"],
  [45, "red"],
  [75, "orange"],
  [118, "yellow"],
  [165, "green"],
  [215, "turquoise"],
  [285, "blue"],
  [335, "purple"],
  [360, "pink"],
] as const;

/** An sRGB byte as a share of light. IEC 61966-2-1. */
function linear(byte: number): number {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
