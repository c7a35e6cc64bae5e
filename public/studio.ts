import type { Api } from "./api.ts";
import type { Clip } from "./clip-view.ts";
import { createClipView } from "./clip-view.ts";
import { find } from "./dom.ts";
import type { Still } from "./image-file.ts";
import { openStill } from "./image-file.ts";
import type { Job } from "./job-runner.ts";
import { createJobRunner } from "./job-runner.ts";
import type { Playback } from "./playback.ts";
import type { Problem } from "./problem.ts";
import { problemOf } from "./problem.ts";
import type { ShowProblem } from "./problem-view.ts";
import { createProblemView } from "./problem-view.ts";
import type { ClipOptions } from "./proxy-url.ts";
import { buildProxyUrl, defaultOptions } from "./proxy-url.ts";
import { listenForVariants, randomSeed } from "./variant-form.ts";
import { waitForClip } from "./wait-for-clip.ts";
import type { WorkView } from "./work-view.ts";
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
  const { page, api, announce } = deps;
  const form = find(page, "#variant", HTMLFormElement);
  const view = createClipView(page, deps.playback);
  const work = createWorkView(page, announce);
  const showProblem = createProblemView(page);
  const begin = createBegin(showProblem, work.stop);
  let source: Source | undefined;
  let stillUrl = "";

  const make = async (from: Source, options: ClipOptions, signal: AbortSignal) => {
    const clip = await makeClip(deps, { source: from, options, work, signal });
    await view.showClip(clip, signal);
    form.hidden = false;
    announce("Ready: the clip is beside the still.");
  };

  const makeVariant = (from: Source, options: ClipOptions): void => {
    const job = (signal: AbortSignal) => {
      work.start("Making another take", options.mode);
      enterStudio(page);
      return make(from, options, signal);
    };
    begin(job, (problem) => makeVariant(from, withRemedy(options, problem)));
  };

  const animate = (file: File, still: Still): void => {
    const job = async (signal: AbortSignal) => {
      source = undefined;
      form.hidden = true;
      form.reset();
      view.showStill(still);
      enterStudio(page);
      work.start("Uploading", defaultOptions.mode);
      announce("Uploading the picture.");
      const url = await api.upload(file, signal);
      source = { url, fileName: file.name };
      work.start("Making the clip", defaultOptions.mode);
      await make(source, defaultOptions, signal);
    };
    begin(job, (problem) => {
      if (source === undefined) animate(file, still);
      else makeVariant(source, withRemedy(defaultOptions, problem));
    });
  };

  const refuse = (thrown: unknown) => showProblem(problemOf(thrown), () => {});
  listenForVariants(form, (options) => source && makeVariant(source, options));
  return {
    refuse,
    // A file that cannot be animated leaves the work on the one before alone.
    take: (file) =>
      openStill(file).then((still) => {
        URL.revokeObjectURL(stillUrl);
        stillUrl = still.url;
        animate(file, still);
      }, refuse),
  };
}

/** Starts a job in place of the one before; `again` is what the reader may try when it fails. */
function createBegin(showProblem: ShowProblem, onEnd: () => void) {
  const run = createJobRunner();
  return (work: Job["work"], again: (problem: Problem) => void): void => {
    showProblem(undefined, again);
    const onFailure = (thrown: unknown) => showProblem(problemOf(thrown), again);
    void run({ work, onFailure, onEnd });
  };
}

/** Brings the studio into view, and the focus with it when its place on the page is going. */
function enterStudio(page: Document): void {
  const panel = find(page, "#studio", HTMLElement);
  panel.hidden = false;
  if (page.activeElement?.id === "file") panel.focus();
  page.documentElement.dataset["view"] = "studio";
  panel.scrollIntoView();
}

interface MakeOptions {
  readonly source: Source;
  readonly options: ClipOptions;
  readonly work: WorkView;
  readonly signal: AbortSignal;
}

/** Asks for a clip and waits for it, with the work in view. */
async function makeClip(
  { api, base, projectKey }: StudioDeps,
  { source, options, work, signal }: MakeOptions,
): Promise<Clip> {
  const urlOf = (format: "mp4" | "jpg") =>
    buildProxyUrl({ base, projectKey, src: source.url, format, options });
  const mp4Url = urlOf("mp4");
  const { sizeBytes, loopMode } = await waitForClip({
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
  return {
    mp4Url,
    posterUrl: urlOf("jpg"),
    mode: options.mode,
    isCropped: options.aspect !== "preserve",
    fileName: source.fileName,
    sizeBytes,
    loopMode,
  };
}

/** A failed clip stays failed at its address; another seed is another address. */
function withRemedy(options: ClipOptions, problem: Problem): ClipOptions {
  return problem.remedy === "new-seed" ? { ...options, seed: randomSeed() } : options;
}
