/** The deepest body that any route takes has five levels, and the widest some twenty fields. */
const depthMax = 64;
const namesMax = 200;
/** Of a name that is repeated in a refusal. */
const nameLengthMax = 40;

/**
 * What is wrong with a JSON text that a parser would let pass: an object that has a name twice, of
 * which one program takes the first and another the last (RFC 8259 §4), or that is so deep or so
 * wide that telling all of its faults takes seconds; and text that Postgres cannot store, while
 * SQLite would change it. Character by character, for a pattern takes four times as long: a fifth
 * of a second for a megabyte.
 * @returns what the body does, as the end of a sentence.
 * @throws SyntaxError, perhaps, when it is no JSON.
 */
export function findShapeFault(json: string): string | undefined {
  // The names of each object that is open; none for an array.
  const open: (Set<string> | undefined)[] = [];
  let text = "";
  for (let at = 0; at < json.length; at += 1) {
    if (open.length > depthMax) return `is nested deeper than ${depthMax} levels`;
    switch (json[at]) {
      case '"': {
        const end = endOfText(json, at);
        text = json.slice(at, end);
        if (isUnstorable(text)) return "has a text with a NUL or with half a character";
        at = end - 1;
        break;
      }
      case "{":
        open.push(new Set());
        break;
      case "[":
        open.push(undefined);
        break;
      case "}":
      case "]":
        open.pop();
        break;
      case ":": {
        const name = text.includes("\\") ? (JSON.parse(text) as string) : text.slice(1, -1);
        const names = open.at(-1);
        if (names?.has(name)) {
          return `has the field ${JSON.stringify(name.slice(0, nameLengthMax))} twice`;
        }
        if (names && names.add(name).size > namesMax) {
          return `has an object with more than ${namesMax} fields`;
        }
      }
    }
  }
  return undefined;
}

/** Whether a text holds U+0000, or one half of a surrogate pair, which is no character. */
function isUnstorable(text: string): boolean {
  if (!/\\u(?:0000|d[89a-f])/i.test(text)) return false;
  const value = JSON.parse(text) as string;
  return value.includes("\0") || !value.isWellFormed();
}

/** Where a text ends that begins at `start`: behind its closing quote. */
function endOfText(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    const letter = json[at];
    if (letter === '"') return at + 1;
    if (letter === "\\") at += 1;
  }
  return json.length;
}
