import { setText } from "./dom.ts";

const feedbackMs = 2000;

export interface CopyOptions {
  readonly button: HTMLButtonElement;
  readonly text: () => string;
  /** Selected when the clipboard is out of reach, so that the reader can copy by hand. */
  readonly fallback: HTMLElement | undefined;
  /** Says what happened to those who do not see the button. */
  readonly announce: (text: string) => void;
}

/** Makes a button copy a text and say, for two seconds, that it did. */
export function bindCopy({ button, text, fallback, announce }: CopyOptions): void {
  const label = button.textContent ?? "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  button.addEventListener("click", async () => {
    const isCopied = await copy(text(), fallback);
    const said = isCopied ? "Copied" : "Selected: press Ctrl+C";
    setText(button, said);
    button.classList.toggle("is-done", isCopied);
    announce(said);
    clearTimeout(timer);
    timer = setTimeout(() => {
      setText(button, label);
      button.classList.remove("is-done");
    }, feedbackMs);
  });
}

/** Outside of https and loopback browsers offer no clipboard; a selection can still be copied. */
async function copy(text: string, fallback: HTMLElement | undefined): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (fallback === undefined) return false;
    if (fallback instanceof HTMLTextAreaElement) fallback.select();
    else getSelection()?.selectAllChildren(fallback);
    return document.execCommand("copy");
  }
}
