import type { Api, Demo, Sample } from "./api.ts";
import { onOrigin } from "./api.ts";
import { bindCopy } from "./copy.ts";
import { cloneTemplate, find, setText } from "./dom.ts";
import { createGate } from "./gate.ts";
import type { Playback } from "./playback.ts";
import { problemOf } from "./problem.ts";
import type { Mode } from "./proxy-url.ts";
import { modeOf } from "./proxy-url.ts";
import type { AssetEvent } from "./stages.ts";
import { stagesOf, stageTexts } from "./stages.ts";
import { waitForClip } from "./wait-for-clip.ts";

export interface SamplesDeps {
  readonly page: Document;
  readonly api: Api;
  readonly playback: Playback;
  readonly announce: (text: string) => void;
  readonly base: string;
  readonly demo: Demo;
  readonly signal: AbortSignal;
}

/** Streams at once: with the studio's one that makes half of a browser's six connections. */
const streamsMax = 2;

/** Shows each sample's poster at once and swaps it for the clip when the server has made it. */
export function showSamples(deps: SamplesDeps): void {
  const { page, demo } = deps;
  const section = find(page, "#samples", HTMLElement);
  const list = find(section, "ul", HTMLUListElement);
  const gate = createGate(streamsMax);
  section.hidden = demo.samples.length === 0;
  for (const sample of demo.samples) {
    const card = cloneTemplate(page, "#sample-card");
    list.append(card);
    fillCard(card, sample, deps);
    void gate.run(() => animateCard(card, sample, deps));
  }
}

function fillCard(card: HTMLElement, sample: Sample, deps: SamplesDeps): void {
  const image = find(card, "img", HTMLImageElement);
  image.src = onOrigin(sample.posterUrl, deps.base);
  image.alt = sample.title;
  setText(find(card, "h3", HTMLElement), sample.title);
  const button = find(card, ".sample-line .button", HTMLButtonElement);
  button.setAttribute("aria-label", `Copy URL of ${sample.title}`);
  const { announce } = deps;
  bindCopy({ button, text: () => sample.mp4Url, fallback: undefined, announce });
}

async function animateCard(card: HTMLElement, sample: Sample, deps: SamplesDeps): Promise<void> {
  const { api, base, demo, signal } = deps;
  const chip = find(card, ".chip", HTMLElement);
  const mp4Url = onOrigin(sample.mp4Url, base);
  const mode = modeOf(mp4Url);
  try {
    await waitForClip({
      api,
      mp4Url,
      eventsUrl: (assetId) => `${base}v1/${demo.projectKey}/events/${assetId}`,
      watch: {
        onPending: () => setText(chip, "In the queue"),
        onEvents: (events) => {
          const text = chipText(events, mode);
          if (text !== undefined) setText(chip, text);
        },
      },
      signal,
    });
    setText(chip, "");
    showClip(card, { src: mp4Url, name: sample.title, mode }, deps.playback);
  } catch (thrown) {
    if (signal.aborted) return;
    chip.classList.add("is-problem");
    setText(chip, problemOf(thrown).text);
  }
}

/** The stage that is being worked on; undefined in the moment between two. */
function chipText(events: readonly AssetEvent[], mode: Mode): string | undefined {
  const active = stagesOf(events, mode, 0).find((stage) => stage.state === "active");
  return active?.name === "queued" ? "In the queue" : active && stageTexts[active.name].label;
}

function showClip(
  card: HTMLElement,
  clip: Parameters<ReturnType<Playback["attach"]>["load"]>[0],
  playback: Playback,
): void {
  const video = find(card, "video", HTMLVideoElement);
  const picture = find(card, ".picture", HTMLElement);
  const button = find(card, ".play", HTMLButtonElement);
  // The poster stays below until the first frame is there, so nothing flashes.
  video.addEventListener("playing", () => picture.classList.add("is-moving"), { once: true });
  video.hidden = false;
  playback.attach({ video, button, area: picture }).load(clip);
}
