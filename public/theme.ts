import { find } from "./dom.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const storageKey = "motioness.theme";

/** Shows the stored theme and stores what the reader chooses. */
export function startTheme(page: Document): void {
  const stored = parseTheme(readStored());
  applyTheme(page.documentElement, stored);
  const choice = find(page, "#theme", HTMLFieldSetElement);
  find(choice, `input[value="${stored}"]`, HTMLInputElement).checked = true;
  choice.addEventListener("change", (event) => {
    const theme = parseTheme((event.target as HTMLInputElement).value);
    applyTheme(page.documentElement, theme);
    store(theme);
  });
}

/** A theme by name; anything else is `system`. */
export function parseTheme(name: string | null): Theme {
  return themes.find((theme) => theme === name) ?? "system";
}

function applyTheme(root: HTMLElement, theme: Theme): void {
  if (theme === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
}

/** Storage throws where the reader has switched it off; the page then forgets the theme. */
function readStored(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

function store(theme: Theme): void {
  try {
    localStorage.setItem(storageKey, theme);
  } catch {
    // Nothing is lost but the memory of the choice.
  }
}
