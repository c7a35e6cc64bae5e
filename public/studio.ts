import type { Api } from "./api.ts";
import type { Still } from "./clip-view.ts";
import { createClipView } from "./clip-view.ts";
import { find } from "./dom.ts";
import { checkFile, checkSides } from "./image-file.ts";
import type { Playback } from "./playback.ts";
import type { Problem } from "./problem.ts";
import { FileError, problemOf } from "./problem.ts";
import { createProblemView } from "./problem-view.ts";
import type { ClipOptions } from "./proxy-url.ts";
import { buildProxyUrl, defaultOptions } from "./proxy-url.ts";
import { listenForVariants, randomSeed } from "./variant-form.ts";
import { waitForClip } from "./wait-for-clip.ts";
import { createWorkView } from "./work-view.ts";

export interface StudioDeps {
  readonly page: Document;
  readonly api: Api;
  readonly playback: Playback;
  readonly announce: (text: string) => void;
  /** Where the server is, ending in a slash. */
  readonly base: string;
  readonly projectKey: string;
}

export interface Studio {
  /** Uploads a file and makes its first clip; whatever was going on is dropped. */
  take(file: File): void;
  /** Tells the reader what was wrong with what they gave. */
  refuse(problem: unknown): void;
}

interface Source {
  readonly url: string;
  readonly fileName: string;
}

/** The part of the page that turns one picture into clips. One piece of work at a time. */
export function createStudio(deps: StudioDeps): Studio {
  const { page, api, playback, announce, base, projectKey } = deps;
  const panel = find(page, "#studio", HTMLElement);
  const form = find(page, "#variant", HTMLFormElement);
  const view = createClipView(page, playback);
  const work = createWorkView(page, announce);
  const showProblem = createProblemView(page);
  let source: Source | undefined;
  let stillUrl = "";
  let abort = new AbortController();

  /** Runs one piece of work, alone; `again` is what the reader may try when it fails. */
  const run = async (
    job: (signal: AbortSignal) => Promise<void>,
    again: (problem: Problem) => void,
  ) => {
    abort.abort();
    abort = new AbortController();
    const { signal } = abort;
    showProblem(undefined, again);
    try {
      await job(signal);
    } catch (thrown) {
      if (signal.aborted) return;
      showProblem(problemOf(thrown), again);
    }
    if (!signal.aborted) work.stop();
  };

  const make = async (from: Source, options: ClipOptions, signal: AbortSignal) => {
    const urlOf = (format: "mp4" | "jpg") =>
      buildProxyUrl({ base, projectKey, src: from.url, format, options });
    const mp4Url = urlOf("mp4");
    const ready = await waitForClip({
      api,
      mp4Url,
      eventsUrl: (assetId) => `${base}v1/${projectKey}/events/${assetId}`,
      watch: {
        onPending: (answer) => work.expect(answer.etaMs),
        onEvents: work.update,
        onConnected: work.setConnected,
      },
      signal,
    });
    const { fileName } = from;
    const { mode, aspect } = options;
    const isCropped = aspect !== "preserve";
    const clip = { mp4Url, posterUrl: urlOf("jpg"), mode, isCropped, fileName, ...ready };
    await view.showClip(clip, signal);
    form.hidden = false;
    announce("Ready: the clip is beside the still.");
  };

  const makeVariant = (from: Source, options: ClipOptions): void => {
    const job = (signal: AbortSignal) => {
      work.start("Making another take", options.mode);
      panel.scrollIntoView();
      return make(from, options, signal);
    };
    void run(job, (problem) => makeVariant(from, withRemedy(options, problem)));
  };

  const take = (file: File): void => {
    const job = async (signal: AbortSignal) => {
      await checkFile(file);
      const still = await openStill(file);
      signal.throwIfAborted();
      URL.revokeObjectURL(stillUrl);
      stillUrl = still.url;
      source = undefined;
      form.hidden = true;
      form.reset();
      view.showStill(still);
      panel.hidden = false;
      if (page.activeElement?.id === "file") panel.focus();
      page.documentElement.dataset["view"] = "studio";
      panel.scrollIntoView();
      work.start("Uploading", defaultOptions.mode);
      announce("Uploading the picture.");
      const url = await api.upload(file, signal);
      source = { url, fileName: file.name };
      work.start("Making the clip", defaultOptions.mode);
      await make(source, defaultOptions, signal);
    };
    void run(job, (problem) => {
      if (source === undefined) take(file);
      else makeVariant(source, withRemedy(defaultOptions, problem));
    });
  };

  const input = find(page, "#file", HTMLInputElement);
  find(page, "#another", HTMLButtonElement).addEventListener("click", () => input.click());
  listenForVariants(form, (options) => source && makeVariant(source, options));
  return { take, refuse: (problem) => showProblem(problemOf(problem), () => {}) };
}

/** The still as a URL of its own, once it is known that it can be shown and animated. */
async function openStill(file: File): Promise<Still> {
  const url = URL.createObjectURL(file);
  const image = new Image();
  image.src = url;
  try {
    await image.decode().catch(() => {
      throw new FileError("That image is damaged. Open it, save it anew and drop it again.");
    });
    const { naturalWidth: width, naturalHeight: height } = image;
    checkSides(width, height);
    return { url, ratio: width / height };
  } catch (thrown) {
    URL.revokeObjectURL(url);
    throw thrown;
  }
}

/** A failed clip stays failed at its address; another seed is another address. */
function withRemedy(options: ClipOptions, problem: Problem): ClipOptions {
  return problem.remedy === "new-seed" ? { ...options, seed: randomSeed() } : options;
}
