import { createCompare } from "./compare.ts";
import { find, setCode, setText } from "./dom.ts";
import { formatBytes, formatDuration } from "./format.ts";
import type { Still } from "./image-file.ts";
import type { Playback } from "./playback.ts";
import type { Mode } from "./proxy-url.ts";
import { embedSnippet } from "./proxy-url.ts";

export interface Clip {
  readonly mp4Url: string;
  readonly posterUrl: string;
  readonly mode: Mode;
  /** The clip shows a part of the still, one that the server chose. */
  readonly isCropped: boolean;
  readonly sizeBytes: number;
  readonly loopMode: string | undefined;
  readonly fileName: string;
}

export interface ClipView {
  /** Shows a still alone, in place of whatever was there. */
  showStill(still: Still): void;
  /** Shows a clip beside the still, once its frames are there. Rejects when they cannot be. */
  showClip(clip: Clip, signal: AbortSignal): Promise<void>;
}

/** The stage with still and clip, and the panel with the clip's URL, HTML, file and figures. */
export function createClipView(page: Document, playback: Playback): ClipView {
  const figure = find(page, "#compare", HTMLElement);
  const image = find(figure, "img", HTMLImageElement);
  const video = find(figure, "video", HTMLVideoElement);
  const button = find(figure, ".play", HTMLButtonElement);
  const panel = find(page, "#clip", HTMLElement);
  const figures = find(page, "#figures", HTMLElement);
  const compare = createCompare(figure);
  let stillUrl = "";
  const player = playback.attach({ video, button, area: figure });
  return {
    showStill({ url, ratio }) {
      stillUrl = url;
      image.src = url;
      figure.style.setProperty("--ratio", String(ratio));
      video.removeAttribute("src");
      video.hidden = true;
      button.hidden = true;
      panel.hidden = true;
      figures.hidden = true;
      compare.close();
    },
    async showClip(clip, signal) {
      const size = await loadMetadata(clip.mp4Url, signal);
      figure.style.setProperty("--ratio", String(size.width / size.height));
      image.src = clip.isCropped ? clip.posterUrl : stillUrl;
      video.hidden = false;
      video.poster = clip.posterUrl;
      player.load({ src: clip.mp4Url, mode: clip.mode, name: "the clip" });
      compare.open();
      fillPanel(page, clip, size);
      drawFigures(figures, clip, size);
      panel.hidden = false;
      figures.hidden = false;
    },
  };
}

interface VideoSize {
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
}

/** Reads a clip's head beside the page, so that the frame keeps its shape until it is known. */
function loadMetadata(url: string, signal: AbortSignal): Promise<VideoSize> {
  signal.throwIfAborted();
  const probe = document.createElement("video");
  probe.preload = "metadata";
  probe.muted = true;
  return new Promise<VideoSize>((resolve, reject) => {
    probe.addEventListener("loadedmetadata", () => {
      const { videoWidth: width, videoHeight: height, duration } = probe;
      resolve({ width, height, durationMs: duration * 1000 });
    });
    probe.addEventListener("error", () => {
      reject(new Error(`the clip cannot be played: ${probe.error?.message ?? "no reason given"}`));
    });
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    probe.src = url;
  }).finally(() => {
    probe.removeAttribute("src");
    probe.load();
  });
}

function fillPanel(page: Document, clip: Clip, size: VideoSize): void {
  const { mp4Url, posterUrl, mode } = clip;
  const { width, height } = size;
  const snippet = embedSnippet({ mp4Url, posterUrl, mode, width, height });
  setCode(find(page, "#clip-url", HTMLElement), mp4Url);
  setText(find(page, "#clip-embed", HTMLElement), snippet);
  const download = find(page, "#clip-download", HTMLAnchorElement);
  download.href = mp4Url;
  download.download = `${clip.fileName.replace(/\.[^.]*$/, "")}.mp4`;
}

function drawFigures(list: HTMLElement, clip: Clip, size: VideoSize): void {
  const rows: readonly (readonly [string, string])[] = [
    ["Size", `${size.width} × ${size.height}`],
    ["Length", formatDuration(size.durationMs)],
    ["File", formatBytes(clip.sizeBytes)],
    ...(clip.loopMode === undefined ? [] : [["Loop", clip.loopMode] as const]),
  ];
  list.replaceChildren(
    ...rows.map(([term, value]) => {
      const row = document.createElement("div");
      row.append(document.createElement("dt"), document.createElement("dd"));
      row.children[0]?.append(term);
      row.children[1]?.append(value);
      return row;
    }),
  );
}
