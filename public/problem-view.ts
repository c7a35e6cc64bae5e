import { find, setText } from "./dom.ts";
import type { Problem } from "./problem.ts";

/** Shows a problem, or none for undefined, with the button that may answer it. */
export type ShowProblem = (problem: Problem | undefined, again: (problem: Problem) => void) => void;

/** The place on the page where problems are told. */
export function createProblemView(page: Document): ShowProblem {
  const panel = find(page, "#problem", HTMLElement);
  const text = find(panel, "p", HTMLElement);
  const button = find(panel, "button", HTMLButtonElement);
  return (problem, again) => {
    panel.hidden = problem === undefined;
    if (problem === undefined) return;
    setText(text, problem.text);
    setText(button, problem.remedy === "new-seed" ? "Try another take" : "Try again");
    button.hidden = problem.remedy === "none";
    button.onclick = () => again(problem);
    panel.scrollIntoView({ block: "nearest" });
  };
}
