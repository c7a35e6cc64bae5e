import { createApi } from "./api.ts";
import { find, setText } from "./dom.ts";
import { listenForFiles } from "./drop-zone.ts";
import { createPlayback } from "./playback.ts";
import { problemOf, signInProblem } from "./problem.ts";
import { createProblemView } from "./problem-view.ts";
import { showSamples } from "./samples.ts";
import type { Studio, StudioDeps } from "./studio.ts";
import { createStudio } from "./studio.ts";
import { startTheme } from "./theme.ts";
import { bindCopyButtons, fillUsage } from "./usage.ts";

start(document);

/** Brings the page to life. It works under any path, so every URL starts from `base`. */
function start(page: Document): void {
  startTheme(page);
  page.documentElement.dataset["started"] = "";
  const base = new URL("./", page.baseURI).href;
  const live = find(page, "#live", HTMLElement);
  const announce = (text: string) => setText(live, text);
  const playback = createPlayback(matchMedia("(prefers-reduced-motion: reduce)"));
  startPauseButton(page, playback.pauseAll);
  bindCopyButtons(page, announce);

  showSignInProblem(page);
  const api = createApi(base);
  const opening = openDemo({ page, api, playback, announce, base });
  listenForFiles({
    page,
    onFile: (file) => void opening.then((studio) => studio?.take(file)),
    onProblem: (problem) => void opening.then((studio) => studio?.refuse(problem)),
  });
}

/** Shows the samples and opens the studio; undefined where the server has no demo to offer. */
async function openDemo(deps: Omit<StudioDeps, "projectKey">): Promise<Studio | undefined> {
  const { page, api, base } = deps;
  const { signal } = new AbortController();
  try {
    const demo = await api.demo(signal);
    fillUsage(page, base, demo);
    if (demo !== undefined) {
      showSamples({ ...deps, demo, signal });
      return createStudio({ ...deps, projectKey: demo.projectKey });
    }
    find(page, "#drop-zone", HTMLElement).hidden = true;
    find(page, "#no-demo", HTMLElement).hidden = false;
  } catch (thrown) {
    fillUsage(page, base, undefined);
    createProblemView(page)(problemOf(thrown), () => location.reload());
  }
  return undefined;
}

/** Whoever comes back from a provider without being signed in is told why. */
function showSignInProblem(page: Document): void {
  const error = new URL(page.URL).searchParams.get("error");
  if (error !== null) createProblemView(page)(signInProblem(error), () => {});
}

function startPauseButton(page: Document, pauseAll: (isPaused: boolean) => void): void {
  const button = find(page, "#pause-all", HTMLButtonElement);
  button.addEventListener("click", () => {
    const isPaused = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(isPaused));
    pauseAll(isPaused);
  });
}
