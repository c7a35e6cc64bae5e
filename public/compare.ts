import { find } from "./dom.ts";

export interface Compare {
  /** Shows the clip beside the still, half and half. */
  open(): void;
  /** Shows the still alone. */
  close(): void;
}

/**
 * A still over a clip of the same frame, with a range input as the handle between them. The
 * still is clipped by the style sheet at `--split`, a percentage.
 */
export function createCompare(figure: HTMLElement): Compare {
  const range = find(figure, "input[type=range]", HTMLInputElement);
  const tags = figure.querySelectorAll<HTMLElement>(".tag");
  const show = () => {
    const percent = Number(range.value);
    figure.style.setProperty("--split", `${percent}%`);
    range.setAttribute("aria-valuetext", `${percent} % still, ${100 - percent} % clip`);
    figure.dataset["side"] = percent < 12 ? "clip" : percent > 88 ? "still" : "both";
  };
  range.addEventListener("input", () => {
    figure.classList.remove("is-easing");
    show();
  });
  const setOpen = (isOpen: boolean) => {
    range.hidden = !isOpen;
    for (const tag of tags) tag.hidden = !isOpen;
    figure.classList.add("is-easing");
    figure.classList.toggle("is-open", isOpen);
    range.value = isOpen ? "50" : "100";
    show();
  };
  setOpen(false);
  return { open: () => setOpen(true), close: () => setOpen(false) };
}
