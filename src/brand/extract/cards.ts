import { closest, type Element, textOf } from "../site/html.ts";
import type { Page } from "../site/page.ts";

/** A heading with what belongs to it alone: one of several alike, as a rule. */
export interface Card {
  readonly heading: Element;
  /** The largest element around the heading that holds no other heading. */
  readonly element: Element;
}

const headings: readonly string[] = ["h2", "h3", "h4", "h5"];
const cardsMax = 400;

/** The cards of a page, in order. A heading that stands alone in the page makes none. */
export function findCards(page: Page): readonly Card[] {
  const counts = countHeadings(page);
  const cards: Card[] = [];
  for (const heading of page.all) {
    if (!headings.includes(heading.name)) continue;
    const element = cardOf(heading, counts);
    if (element) cards.push({ heading, element });
    if (cards.length >= cardsMax) break;
  }
  return cards;
}

/** How many headings stand in each element, counted once for all. */
function countHeadings(page: Page): ReadonlyMap<Element, number> {
  const counts = new Map<Element, number>();
  for (const element of page.all) {
    if (!headings.includes(element.name)) continue;
    for (let at: Element | undefined = element; at; at = at.parent) {
      counts.set(at, (counts.get(at) ?? 0) + 1);
    }
  }
  return counts;
}

function cardOf(heading: Element, counts: ReadonlyMap<Element, number>): Element | undefined {
  let card: Element | undefined;
  for (let at = heading.parent; at && counts.get(at) === 1; at = at.parent) {
    if (["body", "main", "html", "#root"].includes(at.name)) break;
    card = at;
  }
  return card;
}

/** What an element stands in is called: its own label, and those of all around it. */
export function surroundingsOf(element: Element): string {
  const labels: string[] = [];
  for (let at: Element | undefined = element; at; at = at.parent) {
    labels.push(at.name, at.label);
  }
  return labels.join(" ");
}

/** Whether an element belongs to the frame of the site and not to what the page says. */
export function isFrame(element: Element): boolean {
  return (
    closest(element, (at) => {
      if (["header", "nav", "footer", "aside", "dialog", "form"].includes(at.name)) return true;
      return /cookie|consent|newsletter|modal|breadcrumb|sidebar/.test(at.label);
    }) !== undefined
  );
}

/** The text of a card without its heading's. */
export function bodyOf({ element, heading }: Card, lengthMax: number): string {
  const paragraph = find(element, ({ name }) => name === "p");
  if (paragraph) return textOf(paragraph, lengthMax);
  const title = textOf(heading, 500);
  const all = textOf(element, lengthMax + title.length + 1);
  return all.startsWith(title) ? all.slice(title.length).trim() : all.replace(title, "").trim();
}

/** The first element below that `holds`. */
export function find(root: Element, holds: (element: Element) => boolean): Element | undefined {
  for (const child of root.children) {
    if (typeof child === "string") continue;
    const found = holds(child) ? child : find(child, holds);
    if (found) return found;
  }
  return undefined;
}
