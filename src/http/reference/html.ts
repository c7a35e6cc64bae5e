/** Text that is markup already. */
export interface Html {
  readonly text: string;
}

type Part = unknown;

/** A template whose values are escaped, unless they are markup made by one. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  const text = strings.map((string, index) => string + textOf(values[index])).join("");
  return { text };
}

/** Takes text for markup: only what this program wrote itself. */
export function raw(text: string): Html {
  return { text };
}

/** Words between backquotes are code; that is all the markup that descriptions have. */
export function inline(text: string): Html {
  return raw(escapeHtml(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>"));
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function textOf(value: Part): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(textOf).join("");
  if (typeof value === "object" && "text" in value) return `${value.text}`;
  return escapeHtml(String(value));
}
