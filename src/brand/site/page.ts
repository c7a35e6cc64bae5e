import { type Element, elementsOf, parseHtml } from "./html.ts";

/** A page of a site, read. */
export interface Page {
  readonly url: URL;
  /** What its addresses are relative to. */
  readonly base: URL;
  readonly root: Element;
  /** All its elements, in order. */
  readonly all: readonly Element[];
}

/** What a page says, in plain text. */
export interface PageText {
  readonly url: string;
  readonly text: string;
}

/** @param pause see `parseHtml`. */
export async function parsePage(url: URL, html: string, pause: () => Promise<void>): Promise<Page> {
  const root = await parseHtml(html, pause);
  const all = [...elementsOf(root)];
  const base = all.find(({ name }) => name === "base")?.attributes["href"];
  return { url, base: URL.parse(base ?? "", url) ?? url, root, all };
}

/** The `content` of the first `<meta>` with one of these names or properties. */
export function metaOf(page: Page, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const meta = page.all.find(({ name: tag, attributes }) => {
      const key = attributes["name"] ?? attributes["property"] ?? attributes["itemprop"];
      return tag === "meta" && key?.toLowerCase() === name;
    });
    const content = meta?.attributes["content"]?.trim();
    if (content) return content;
  }
  return undefined;
}

/** An address as a page writes it, made whole; undefined for anything but http and https. */
export function addressOf(page: Page, reference: string | undefined): string | undefined {
  if (reference === undefined || reference.length > 2048) return undefined;
  const url = URL.parse(reference.trim(), page.base);
  if (!url || !/^https?:$/.test(url.protocol) || url.href.length > 2048) return undefined;
  url.hash = "";
  return url.href;
}

const jsonLengthMax = 100_000;
const objectsMax = 200;

/** The objects that a page describes itself with in JSON-LD, nested ones too. */
export function jsonLdOf(page: Page): readonly Readonly<Record<string, unknown>>[] {
  const found: Record<string, unknown>[] = [];
  for (const { name, attributes, children } of page.all) {
    if (name !== "script" || attributes["type"]?.toLowerCase() !== "application/ld+json") continue;
    const text = children.filter((child) => typeof child === "string").join("");
    if (text.length <= jsonLengthMax) collectObjects(parseJson(text), found, 0);
  }
  return found;
}

/** Whether a JSON-LD object is of one of these types of schema.org. */
export function isOfType(object: Readonly<Record<string, unknown>>, ...types: string[]): boolean {
  return [object["@type"]].flat().some((type) => types.includes(String(type)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function collectObjects(value: unknown, found: Record<string, unknown>[], depth: number): void {
  if (typeof value !== "object" || value === null || depth > 6 || found.length >= objectsMax)
    return;
  if (!Array.isArray(value)) found.push(value as Record<string, unknown>);
  for (const inner of Object.values(value)) collectObjects(inner, found, depth + 1);
}
