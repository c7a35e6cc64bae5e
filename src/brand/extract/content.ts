import {
  type Announcement,
  brandLimits,
  type CodeExample,
  type ContentInventory,
  type Feature,
  type PricingTier,
} from "../brand.ts";
import { closest, type Element, findAll, textOf } from "../site/html.ts";
import { addressOf, type Page } from "../site/page.ts";
import { bodyOf, type Card, find, findCards, isFrame, surroundingsOf } from "./cards.ts";
import type { Identity } from "./identity.ts";
import { extractStats, extractTestimonials } from "./proof.ts";

/**
 * What the pages of a site say, the first page first; each thing once.
 * @param pause lets others run; awaited after each page.
 */
export async function extractContent(
  pages: readonly Page[],
  { tagline, description }: Identity,
  pause: () => Promise<void>,
): Promise<ContentInventory> {
  const found: Found[] = [];
  for (const page of pages) {
    found.push(extractPage(page));
    await pause();
  }
  const list = <K extends keyof Found>(key: K, max: number) =>
    distinct(found.flatMap((page): readonly Found[K][number][] => page[key])).slice(0, max);
  return {
    ...(tagline === undefined ? {} : { tagline }),
    ...(description === undefined ? {} : { description }),
    features: list("features", brandLimits.features),
    pricing: list("pricing", brandLimits.tiers),
    testimonials: list("testimonials", brandLimits.testimonials),
    stats: list("stats", brandLimits.stats),
    announcements: list("announcements", brandLimits.announcements),
    codeExamples: list("codeExamples", brandLimits.codeExamples),
  };
}

type Found = Required<Omit<ContentInventory, "tagline" | "description">>;

function extractPage(page: Page): Found {
  const cards = findCards(page);
  return {
    features: extractFeatures(page, cards),
    pricing: extractPricing(page, cards),
    testimonials: extractTestimonials(page),
    stats: extractStats(page),
    announcements: extractAnnouncements(page, cards),
    codeExamples: extractCode(page),
  };
}

function distinct<T>(items: readonly T[]): readonly T[] {
  const seen = new Map(items.toReversed().map((item) => [keyOf(item), item]));
  return [...seen.values()].toReversed();
}

/** The first text of a thing is what it is known by. */
function keyOf(item: unknown): string {
  return String(Object.values(item as object)[0]).toLowerCase();
}

/** A figure is begun once, at its first digit: in the middle of one it would be tried again. */
const price =
  /(?:[$€£¥]\s?\d[\d.,]*|(?<![\w.,])\d[\d.,]*\s?(?:€|£|usd|eur|gbp)\b)(?:\s*(?:\/|per\s)\s*(?:user|seat|month|mo|year|yr|week)\b)*/i;
const priceWord = /^(?:free|custom|contact (?:us|sales)|let[’']s talk)\b/i;

/** Cards that name a price, where there are several or their surroundings say that they do. */
function extractPricing(page: Page, cards: readonly Card[]): readonly PricingTier[] {
  const isPricingPage = /pric|plans/i.test(page.url.pathname);
  const priced = cards.filter(({ element }) => !isFrame(element) && priceOf(element) !== undefined);
  return priced
    .filter(({ element }) => {
      if (isPricingPage || /pric|plan|tier/.test(surroundingsOf(element))) return true;
      return priced.filter((other) => other.element.parent === element.parent).length > 1;
    })
    .map(({ heading, element }) => ({
      tier: textOf(heading, brandLimits.short),
      price: priceOf(element) ?? "",
      features: findAll(element, "li")
        .map((item) => textOf(item, brandLimits.line))
        .filter((text) => text !== "")
        .slice(0, brandLimits.tierFeatures),
    }))
    .filter(({ tier }) => tier !== "");
}

function priceOf(element: Element): string | undefined {
  const marked = find(element, (inner) => /price|amount/.test(inner.label));
  const text = marked ? textOf(marked, brandLimits.short) : "";
  if (price.test(text) || priceWord.test(text)) return text;
  return price.exec(textOf(element, 2000))?.[0].slice(0, brandLimits.short);
}

/** Cards with a title and a text that have at least one other beside them. */
function extractFeatures(page: Page, cards: readonly Card[]): readonly Feature[] {
  const candidates = cards.filter(({ element, heading }) => {
    if (isFrame(element) || priceOf(element) !== undefined) return false;
    if (/testimonial|quote|review|blog|news|changelog|faq/.test(surroundingsOf(element)))
      return false;
    if (element.name === "article" && find(element, ({ name }) => name === "time")) return false;
    return heading.name !== "h2" || /feature|product/i.test(page.url.pathname);
  });
  return candidates
    .filter((card) => candidates.some((other) => other !== card && isBeside(card, other)))
    .map((card) => {
      const icon = iconOf(page, card.element);
      return {
        title: textOf(card.heading, brandLimits.title),
        description: bodyOf(card, brandLimits.text),
        ...(icon === undefined ? {} : { icon }),
      };
    })
    .filter(({ title, description }) => title !== "" && description.length >= 10);
}

function isBeside(a: Card, b: Card): boolean {
  return a.element.parent === b.element.parent && a.heading.name === b.heading.name;
}

/** The address of a card's picture, or the emoji or name that stands for one. */
function iconOf(page: Page, card: Element): string | undefined {
  const image = find(card, ({ name }) => name === "img");
  const address = image && addressOf(page, image.attributes["src"]);
  if (address !== undefined) return address.length > brandLimits.line ? undefined : address;
  const marked = find(card, (inner) => inner.name === "i" || /\bicon/.test(inner.label));
  const text = marked ? textOf(marked, 16) : "";
  if (/\p{Extended_Pictographic}/u.test(text)) return text;
  const named = /(?:icon|fa|bi|lucide)-([a-z][a-z0-9-]*)/.exec(marked ? marked.label : "");
  return named?.[1]?.slice(0, brandLimits.short);
}

/** Articles with a date, and the entries of a blog, a news page or a changelog. */
function extractAnnouncements(page: Page, cards: readonly Card[]): readonly Announcement[] {
  const isNewsPage = /blog|news|changelog|updates|releases/i.test(page.url.pathname);
  return cards
    .filter(({ element }) => {
      const isNews = isNewsPage || /blog|news|changelog|announce/.test(surroundingsOf(element));
      const isDated = find(element, ({ name }) => name === "time") !== undefined;
      return closest(element, ({ name }) => name === "footer") === undefined && isNews && isDated;
    })
    .map((card) => {
      const time = find(card.element, ({ name }) => name === "time");
      const date = time && (time.attributes["datetime"]?.slice(0, 10) || textOf(time, 40));
      return {
        title: textOf(card.heading, brandLimits.line),
        ...(date ? { date } : {}),
        body: bodyOf(card, brandLimits.description),
      };
    })
    .filter(({ title }) => title !== "");
}

function extractCode(page: Page): readonly CodeExample[] {
  return findAll(page.root, "pre").flatMap((block) => {
    const code = rawText(block).trimEnd().slice(0, brandLimits.code);
    if (code.trim().length < 8) return [];
    const figure = closest(block, ({ name }) => name === "figure");
    const caption = figure && find(figure, ({ name }) => name === "figcaption");
    const label = caption ? textOf(caption, brandLimits.title) : block.attributes["aria-label"];
    return [
      {
        language: languageOf(block),
        code,
        ...(label ? { label: label.slice(0, brandLimits.title) } : {}),
      },
    ];
  });
}

function languageOf(block: Element): string {
  const inner = find(block, ({ name }) => name === "code");
  const labels = [inner, block, block.parent].map((at) => (at ? at.label : "")).join(" ");
  const data = inner?.attributes["data-language"] ?? block.attributes["data-language"];
  const marked = /(?:language|lang|highlight-source)-([\w+#-]+)/.exec(labels)?.[1];
  return (data ?? marked ?? "text").slice(0, 40);
}

function rawText({ children }: Element): string {
  return children
    .map((child) =>
      typeof child === "string" ? child : child.name === "br" ? "\n" : rawText(child),
    )
    .join("");
}
