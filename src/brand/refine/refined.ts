import {
  type Announcement,
  type BrandContext,
  type ContentInventory,
  type Feature,
  brandLimits as most,
  type Testimonial,
} from "../brand.ts";
import { tidy } from "../site/html.ts";
import { createStands, type Stands } from "./grounding.ts";

const text = { type: "string" } as const;
const texts = { type: "array", items: text } as const;

/**
 * What a language model fills in of a brand, as JSON Schema: what is read and judged, and nothing
 * that is measured (colours, fonts, shapes, the logo, code). What it does not know is empty.
 */
export const refinementSchema = closed({
  brandName: text,
  tagline: text,
  description: text,
  tone: text,
  targetAudience: text,
  vibe: text,
  valueProps: texts,
  ctas: texts,
  features: listOf({ title: text, description: text }),
  pricing: listOf({ tier: text, price: text, features: texts }),
  testimonials: listOf({ quote: text, author: text, role: text }),
  stats: listOf({ label: text, value: text }),
  announcements: listOf({ title: text, date: text, body: text }),
});

/**
 * A model's answer as part of a brand: held to the fields, the lengths and the counts of one, and
 * what claims to stand on the site (names, quotes, prices, figures, calls) is dropped where it does
 * not. What is empty is absent.
 * @param site what the site says, in plain text.
 */
export function readRefinement(answer: unknown, site: string): BrandContext {
  const given = recordOf(answer);
  const stands = createStands(site);
  const vibe = line(given["vibe"], most.line);
  const calls = lines(given["ctas"], most.ctas, most.short)?.filter(stands.words);
  return (
    present<BrandContext>({
      brandName: claim(line(given["brandName"], most.name), stands.words),
      contentInventory: readContent(given, stands),
      messagingContext: present({
        tone: line(given["tone"], most.line),
        targetAudience: line(given["targetAudience"], most.line),
        valueProps: lines(given["valueProps"], most.valueProps, most.line),
        ctas: calls?.length === 0 ? undefined : calls,
      }),
      designContext: present({ vibe }),
    }) ?? {}
  );
}

function readContent(given: Given, stands: Stands): ContentInventory | undefined {
  return present<ContentInventory>({
    tagline: claim(line(given["tagline"], most.tagline), stands.words),
    description: line(given["description"], most.description),
    features: items(given["features"], most.features, (item) =>
      whole<Feature>({
        title: line(item["title"], most.title),
        description: line(item["description"], most.text),
      }),
    ),
    pricing: items(given["pricing"], most.tiers, (item) =>
      whole({
        tier: claim(line(item["tier"], most.short), stands.words),
        price: claim(line(item["price"], most.short), stands.numbers),
        features: lines(item["features"], most.tierFeatures, most.line) ?? [],
      }),
    ),
    testimonials: items(given["testimonials"], most.testimonials, (item) =>
      whole<Testimonial>({
        quote: claim(line(item["quote"], most.text), stands.words),
        author: claim(line(item["author"], most.title), stands.words),
        ...present({ role: line(item["role"], most.line) }),
      }),
    ),
    stats: items(given["stats"], most.stats, (item) =>
      whole({
        label: line(item["label"], most.title),
        value: claim(line(item["value"], most.short), stands.numbers),
      }),
    ),
    announcements: items(given["announcements"], most.announcements, (item) =>
      whole<Announcement>({
        title: claim(line(item["title"], most.line), stands.words),
        body: line(item["body"], most.description) ?? "",
        ...present({ date: claim(line(item["date"], most.short), stands.numbers) }),
      }),
    ),
  });
}

type Given = Readonly<Record<string, unknown>>;

function recordOf(value: unknown): Given {
  return typeof value === "object" && value !== null ? (value as Given) : {};
}

function line(value: unknown, lengthMax: number): string | undefined {
  return (typeof value === "string" && tidy(value, lengthMax)) || undefined;
}

function lines(value: unknown, countMax: number, lengthMax: number) {
  return list(value, countMax, (one) => line(one, lengthMax));
}

function items<T>(value: unknown, countMax: number, read: (item: Given) => T | undefined) {
  return list(value, countMax, (one) => read(recordOf(one)));
}

/** What could be read of a list; undefined when that is nothing. */
function list<T>(
  value: unknown,
  countMax: number,
  read: (one: unknown) => T | undefined,
): readonly T[] | undefined {
  const given = Array.isArray(value) ? value.slice(0, countMax) : [];
  const found = given.map(read).filter((one) => one !== undefined);
  return found.length === 0 ? undefined : found;
}

/** What is said to stand on the site, if it does. */
function claim(claimed: string | undefined, stands: (claimed: string) => boolean) {
  return claimed !== undefined && stands(claimed) ? claimed : undefined;
}

type Gaps<T> = { readonly [K in keyof T]: T[K] | undefined };

/** Without what is missing; undefined when everything is. */
function present<T extends object>(fields: Gaps<T>): Partial<T> | undefined {
  const found = Object.entries(fields).filter(([, value]) => value !== undefined);
  return found.length === 0 ? undefined : (Object.fromEntries(found) as Partial<T>);
}

/** Undefined when anything is missing. */
function whole<T extends object>(fields: Gaps<T>): T | undefined {
  return Object.values(fields).includes(undefined) ? undefined : (fields as T);
}

function listOf(properties: Readonly<Record<string, object>>) {
  return { type: "array", items: closed(properties) };
}

function closed(properties: Readonly<Record<string, object>>) {
  const required = Object.keys(properties);
  return { type: "object", properties, required, additionalProperties: false };
}
