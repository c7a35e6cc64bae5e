import { Parser } from "htmlparser2";

/** An element of a page as it was read, with what stands in it, in order. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What its page calls it: its classes and its id, in lower case. */
  readonly label: string;
  readonly parent: Element | undefined;
  readonly children: readonly (Element | string)[];
}

/** Read at a time: the thread is given away in between. */
const chunkLength = 32 * 1024;
/** A page that nests deeper, or has more elements, is read no further. */
const depthMax = 256;
const elementsMax = 40_000;
/**
 * What is longer is cut off here: rules about attributes are tried at each element, and labels
 * also for all that stands in it. A URL that is cut is too long to be taken for one.
 */
const attributeLengthMax = 4096;
const labelLengthMax = 200;

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
        const child = element(name, shortened(attributes), parent);
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
  return { name, attributes, label: labelOf(attributes), parent, children: [] };
}

function labelOf({ class: classes = "", id = "" }: Readonly<Record<string, string>>): string {
  return `${classes.slice(0, labelLengthMax)} ${id.slice(0, labelLengthMax)}`.toLowerCase();
}

function shortened(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, value.slice(0, attributeLengthMax)]),
  );
}

/** All elements below one, in the order of the page. */
export function* elementsOf(root: Element): Generator<Element> {
  // A stack and no recursion: handing each element up through its depth would cost the depth.
  const ahead: (Element | string)[] = root.children.toReversed();
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (typeof next === "string") continue;
    yield next;
    for (let at = next.children.length - 1; at >= 0; at--) {
      const child = next.children[at];
      if (child !== undefined) ahead.push(child);
    }
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

/**
 * Whether an element, or anything that it stands in, `holds`. Each element is asked once, however
 * many stand in it: for rules that are tried at all elements of a page.
 */
export function createIsWithin(holds: (element: Element) => boolean) {
  const known = new Map<Element, boolean>();
  const isWithin = (element: Element): boolean => {
    const answer =
      known.get(element) ??
      (holds(element) || (element.parent !== undefined && isWithin(element.parent)));
    known.set(element, answer);
    return answer;
  };
  return isWithin;
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
