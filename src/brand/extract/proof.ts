import { brandLimits, type Stat, type Testimonial } from "../brand.ts";
import { closest, type Element, findAll, textOf } from "../site/html.ts";
import type { Page } from "../site/page.ts";
import { find, isFrame } from "./cards.ts";

/** A page has no more to say; one that has more is not to be believed. */
const blocksMax = 100;
const pairsMax = 2000;

/** What others say of a site's owner: quotations that name who said them. */
export function extractTestimonials(page: Page): readonly Testimonial[] {
  const blocks = page.all
    .filter(
      (element) =>
        element.name === "blockquote" ||
        /(^|[\s_-])(testimonial|review)(-?card|-?item|__\w+)?(\s|$)/.test(element.label),
    )
    .slice(0, blocksMax);
  return blocks
    .filter((block) => !blocks.some((inner) => inner !== block && isWithin(inner, block)))
    .flatMap((block) => {
      const testimonial = testimonialOf(block);
      return testimonial ? [testimonial] : [];
    });
}

function testimonialOf(block: Element): Testimonial | undefined {
  const around = closest(block.parent, (at) => {
    return at.name === "figure" || /testimonial|review/.test(at.label);
  });
  const isAuthor = (element: Element) =>
    ["cite", "figcaption", "footer"].includes(element.name) ||
    /author|name|person|attribution/.test(element.label);
  const author = find(block, isAuthor) ?? (around && find(around, isAuthor));
  const words =
    find(block, (element) => element.name === "q" || element.name === "p") ??
    find(block, (element) => /quote|text|body/.test(element.label));
  const whole = textOf(words ?? block, brandLimits.text);
  const said = author ? textOf(author, brandLimits.line) : "";
  const quote = whole.replace(said, "").replace(/^["“”„«\s]+|["“”»\s]+$/g, "");
  const [name = "", ...rest] = said.replace(/^[\s—–-]+/, "").split(/\s*(?:,|—|–|\||·)\s+/);
  const role = rest.join(", ") || roleBeside(around ?? block, author);
  if (quote.length < 15 || name === "") return undefined;
  return {
    quote,
    author: name.slice(0, brandLimits.title),
    ...(role ? { role: role.slice(0, brandLimits.line) } : {}),
  };
}

function roleBeside(around: Element, author: Element | undefined): string | undefined {
  const role = find(around, (element) => {
    return element !== author && /role|title|position|company/.test(element.label);
  });
  return role && textOf(role, brandLimits.line);
}

const figure =
  /^[~≈<>≤≥+]?\s?[$€£]?\d[\d.,\s]*\s?(?:[kmb]|bn|ms|s|x|×|%|hours?|days?|million|billion)?\s?[+%]?(?:\/\d+)?$/i;

/** Figures with what they count: `dt` with `dd`, or two short texts beside each other. */
export function extractStats(page: Page): readonly Stat[] {
  const lists = page.all.filter(({ name }) => name === "dl").slice(0, blocksMax);
  const pairs = page.all.filter((element) => {
    const parts = element.children.filter((child) => typeof child !== "string");
    return parts.length === 2 && !["tr", "dl", "html"].includes(element.name);
  });
  const found = pairs.slice(0, pairsMax).flatMap((pair) => {
    const parts = pair.children.filter((child) => typeof child !== "string");
    const stat = statOf(parts.map((part) => textOf(part, brandLimits.title)));
    return stat && !isFrame(pair) && !hasPrice(pair) ? [stat] : [];
  });
  return [...lists.filter((list) => !isFrame(list)).flatMap(statsOfList), ...found];
}

function statsOfList(list: Element): readonly Stat[] {
  const terms = findAll(list, "dt").slice(0, brandLimits.stats);
  const details = findAll(list, "dd");
  return terms.flatMap((term, index) => {
    const detail = details[index];
    const texts = [term, detail].map((part) => (part ? textOf(part, brandLimits.title) : ""));
    const stat = statOf(texts);
    return stat ? [stat] : [];
  });
}

/** One of the two is a figure and the other is not, whichever comes first. */
function statOf([first = "", second = ""]: readonly string[]): Stat | undefined {
  const value = [first, second].find((text) => text.length <= 40 && figure.test(text));
  const label = value === first ? second : first;
  if (value === undefined || !/\p{L}{3}/u.test(label) || label.length > 100) return undefined;
  return { label, value };
}

function hasPrice(element: Element): boolean {
  return closest(element, (at) => /pric|plan|tier/.test(at.label)) !== undefined;
}

function isWithin(element: Element, outer: Element): boolean {
  return closest(element.parent, (at) => at === outer) !== undefined;
}
