import { Parser } from "htmlparser2";

/** An element of a page as it was read, with what stands in it, in order. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly parent: Element | undefined;
  readonly children: readonly (Element | string)[];
}

/** Read at a time: the thread is given away in between. */
const chunkLength = 32 * 1024;
/** A page that nests deeper, or has more elements, is read no further. */
const depthMax = 256;
const elementsMax = 40_000;

/**
 * Reads HTML into a tree, in time that grows with its length and with nothing else.
 * @param pause lets others run; awaited every 32 KB.
 */
export async function parseHtml(html: string, pause: () => Promise<void>): Promise<Element> {
  const builder = createBuilder();
  const parser = new Parser(builder.handler, { decodeEntities: true });
  for (let at = 0; at < html.length && !builder.isFull(); at += chunkLength) {
    parser.write(html.slice(at, at + chunkLength));
    await pause();
  }
  return builder.root;
}

interface Building extends Element {
  readonly children: (Element | string)[];
}

function createBuilder() {
  const root = element("#root", {}, undefined);
  const open: Building[] = [root];
  let elements = 0;
  // The parser searches its open elements at every tag, so a page must not open thousands.
  const isFull = () => elements > elementsMax || open.length > depthMax;
  return {
    root: root as Element,
    isFull,
    handler: {
      onopentag(name: string, attributes: Record<string, string>) {
        const parent = open.at(-1);
        if (isFull() || !parent) return;
        elements += 1;
        const child = element(name, attributes, parent);
        parent.children.push(child);
        open.push(child);
      },
      ontext(text: string) {
        if (!isFull()) open.at(-1)?.children.push(text);
      },
      onclosetag() {
        // The parser closes every element that it has opened, the innermost first.
        if (!isFull() && open.length > 1) open.pop();
      },
    },
  };
}

function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  parent: Building | undefined,
): Building {
  return { name, attributes, parent, children: [] };
}

/** All elements below one, in the order of the page. */
export function* elementsOf(root: Element): Generator<Element> {
  for (const child of root.children) {
    if (typeof child === "string") continue;
    yield child;
    yield* elementsOf(child);
  }
}

/** The elements with one of these names, in the order of the page. */
export function findAll(root: Element, ...names: readonly string[]): readonly Element[] {
  return [...elementsOf(root)].filter(({ name }) => names.includes(name));
}

/** The nearest of an element and what it stands in that `holds`. */
export function closest(
  element: Element | undefined,
  holds: (element: Element) => boolean,
): Element | undefined {
  for (let at = element; at; at = at.parent) if (holds(at)) return at;
  return undefined;
}

/** What an element is called by its page: its classes and its id. */
export function labelOf({ attributes }: Element): string {
  return `${attributes["class"] ?? ""} ${attributes["id"] ?? ""}`.toLowerCase();
}

/** What a visitor never reads as text. */
const silent: readonly string[] = ["script", "style", "template", "noscript", "svg", "head"];

/** An element's text as a visitor reads it: spaces are one, and there is one between elements. */
export function textOf(element: Element, lengthMax: number): string {
  const pieces: string[] = [];
  let length = 0;
  const collect = ({ children }: Element) => {
    for (const child of children) {
      // What is cut off here is several times what is asked for: runs of space shrink yet.
      if (length > lengthMax * 3 + 200) return;
      if (typeof child === "string") {
        pieces.push(child);
        length += child.length;
      } else if (!silent.includes(child.name)) {
        const gap = inline.includes(child.name) ? "" : " ";
        pieces.push(gap);
        collect(child);
        pieces.push(gap);
      }
    }
  };
  collect(element);
  return tidy(pieces.join(""), lengthMax);
}

const inline: readonly string[] = [
  "a",
  "abbr",
  "b",
  "bdi",
  "code",
  "em",
  "font",
  "i",
  "mark",
  "q",
  "s",
  "small",
  "strong",
  "sub",
  "sup",
  "u",
  "wbr",
];

/** Text on one line, cut at a word where it is too long. */
export function tidy(text: string, lengthMax: number): string {
  const line = text.replace(/[\p{Cc}\p{Zs}\u200b-\u200f\u2028-\u202e\ufeff]+/gu, " ").trim();
  if (line.length <= lengthMax) return line;
  const cut = line.slice(0, lengthMax - 1);
  const space = cut.lastIndexOf(" ");
  return `${(space > lengthMax / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
