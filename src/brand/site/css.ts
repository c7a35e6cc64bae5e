/** One declaration of a style sheet. */
export interface Declaration {
  /** The innermost rule's selector; empty in a `style` attribute. */
  readonly selector: string;
  readonly property: string;
  readonly value: string;
  /** Holds only where the visitor has asked for dark colours, or in a dark theme. */
  readonly isDarkVariant: boolean;
}

const declarationsMax = 10_000;
const depthMax = 32;
const valueLengthMax = 1000;
/** Of a selector, or the condition of a rule: what is longer is cut off here. */
const preludeLengthMax = 500;
const darkVariant = /prefers-color-scheme:\s*dark|\.dark\b|\[data-[\w-]*theme[^\]]*dark/i;

/**
 * Reads style sheets as far as is needed to know who has which property: rules may be nested, and
 * strings, comments and `url(…)` may hold anything. Faulty CSS gives less, never an error.
 */
export function parseCss(css: string): readonly Declaration[] {
  const found: Declaration[] = [];
  const rules: Rule[] = [];
  for (const { text, end } of statementsOf(withoutComments(css))) {
    if (end === "{") {
      if (rules.length >= depthMax) return found;
      rules.push(parseRule(text, rules.at(-1)));
      continue;
    }
    const declaration = parseDeclaration(text, rules.at(-1));
    if (declaration) found.push(declaration);
    if (end === "}") rules.pop();
    if (found.length >= declarationsMax) return found;
  }
  return found;
}

interface Statement {
  readonly text: string;
  /** What it ended with; empty at the end of the sheet. */
  readonly end: string;
}

/** Cuts at `{`, `}` and `;`, wherever they are not part of a string or in parentheses. */
function* statementsOf(css: string): Generator<Statement> {
  let start = 0;
  let parentheses = 0;
  let quote = "";
  for (let at = 0; at < css.length; at++) {
    const char = css.charAt(at);
    if (char === "\\") at++;
    else if (quote !== "") quote = char === quote || char === "\n" ? "" : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === "(") parentheses++;
    else if (char === ")") parentheses = Math.max(0, parentheses - 1);
    else if (char === "{" || char === "}" || (char === ";" && parentheses === 0)) {
      parentheses = 0;
      yield { text: css.slice(start, at), end: char };
      start = at + 1;
    }
  }
  yield { text: css.slice(start), end: "" };
}

/** A rule that is open, with what it inherits from those around it. */
type Rule = Pick<Declaration, "selector" | "isDarkVariant">;

function parseRule(text: string, around: Rule | undefined): Rule {
  const prelude = text.trim().slice(0, preludeLengthMax);
  return {
    selector: prelude.startsWith("@") ? (around?.selector ?? "") : prelude,
    isDarkVariant: around?.isDarkVariant === true || darkVariant.test(prelude),
  };
}

function parseDeclaration(text: string, rule: Rule | undefined): Declaration | undefined {
  const colon = text.indexOf(":");
  if (colon < 0) return undefined;
  const property = text.slice(0, colon).trim();
  const value = text
    .slice(colon + 1)
    .replace(/!important\s*$/i, "")
    .trim();
  if (!/^-{0,2}[a-zA-Z][\w-]*$/.test(property) || value === "") return undefined;
  if (value.length > valueLengthMax) return undefined;
  return {
    selector: rule?.selector ?? "",
    // Custom properties are the only names whose case counts.
    property: property.startsWith("--") ? property : property.toLowerCase(),
    value,
    isDarkVariant: rule?.isDarkVariant ?? false,
  };
}

/** Linear whatever the sheet holds: a comment that never ends takes the rest with it. */
function withoutComments(css: string): string {
  const kept: string[] = [];
  let at = 0;
  for (;;) {
    const start = css.indexOf("/*", at);
    if (start < 0) return kept.concat(css.slice(at)).join(" ");
    kept.push(css.slice(at, start));
    const end = css.indexOf("*/", start + 2);
    if (end < 0) return kept.join(" ");
    at = end + 2;
  }
}

const referencesMax = 8;

/** The custom properties of a sheet's light side; the later declaration counts. */
export function customPropertiesOf(css: readonly Declaration[]): ReadonlyMap<string, string> {
  return new Map(
    css
      .filter(({ property, isDarkVariant }) => property.startsWith("--") && !isDarkVariant)
      .map(({ property, value }) => [property, value]),
  );
}

/** A value with its `var(--name, fallback)` replaced; undefined where one leads nowhere. */
export function resolveValue(
  value: string,
  properties: ReadonlyMap<string, string>,
): string | undefined {
  let text = value;
  for (let count = 0; count < referencesMax; count++) {
    const reference = /var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)/.exec(text);
    if (!reference) return text.includes("var(") ? undefined : text;
    const target = properties.get(reference[1] ?? "") ?? reference[2]?.trim();
    if (target === undefined) return undefined;
    text = text.replace(reference[0], () => target);
    if (text.length > valueLengthMax) return undefined;
  }
  return undefined;
}
