export const motions = ["subtle", "medium", "kinetic"] as const;
export const modes = ["loop", "animate-in", "animate-on-hover"] as const;
export const aspects = ["preserve", "1:1", "16:9", "9:16"] as const;

export type Motion = (typeof motions)[number];
export type Mode = (typeof modes)[number];
export type Aspect = (typeof aspects)[number];

/** What a proxy URL says about the clip besides its source. */
export interface ClipOptions {
  readonly motion: Motion;
  readonly mode: Mode;
  /** Whole seconds, 2 to 8. */
  readonly durSeconds: number;
  readonly aspect: Aspect;
  /** Undefined leaves the take to the server. */
  readonly seed: number | undefined;
}

export const defaultOptions: ClipOptions = {
  motion: "medium",
  mode: "loop",
  durSeconds: 4,
  aspect: "preserve",
  seed: undefined,
};

/** Seeds are whole numbers from 0 to this. */
export const seedMax = 2 ** 31 - 1;

export interface ProxyUrlInput {
  /** Where the server is, ending in a slash. */
  readonly base: string;
  readonly projectKey: string;
  /** The full source URL, with scheme. */
  readonly src: string;
  readonly format: "mp4" | "jpg";
  readonly options: ClipOptions;
}

/**
 * The proxy URL of a source: `{base}v1/{projectKey}/{source without scheme}.{format}?{options}`.
 * The source's own query belongs into the path, so its question mark is percent-encoded.
 */
export function buildProxyUrl(input: ProxyUrlInput): string {
  const { motion, mode, durSeconds, aspect, seed } = input.options;
  const source = input.src
    .replace(/^https?:\/\//, "")
    .replace(/#.*$/, "")
    .replaceAll("?", "%3F");
  const query = new URLSearchParams({ motion, mode, dur: String(durSeconds) });
  if (aspect !== "preserve") query.set("aspect", aspect);
  if (seed !== undefined) query.set("seed", String(seed));
  // A colon may stand in a query as it is, and `aspect=16:9` reads better than `16%3A9`.
  const readable = query.toString().replaceAll("%3A", ":");
  return `${input.base}v1/${input.projectKey}/${source}.${input.format}?${readable}`;
}

/** The playback mode that a proxy URL asks for; `loop` when it does not say. */
export function modeOf(proxyUrl: string): Mode {
  const named = new URL(proxyUrl, "http://localhost").searchParams.get("mode");
  return modes.find((mode) => mode === named) ?? "loop";
}

export interface EmbedInput {
  readonly mp4Url: string;
  readonly posterUrl: string;
  readonly mode: Mode;
  readonly width: number;
  readonly height: number;
}

/** The `<video>` element to paste into another page, played back as the clip's mode says. */
export function embedSnippet({ mp4Url, posterUrl, mode, width, height }: EmbedInput): string {
  const lines = [
    `<video src="${escapeAttribute(mp4Url)}"`,
    `  poster="${escapeAttribute(posterUrl)}"`,
    `  width="${width}" height="${height}"`,
    `  ${playbackAttributes[mode]}></video>`,
  ];
  return lines.join("\n");
}

const playbackAttributes: Readonly<Record<Mode, string>> = {
  loop: "autoplay muted loop playsinline",
  "animate-in": "autoplay muted playsinline",
  "animate-on-hover":
    'muted loop playsinline preload="metadata" tabindex="0"\n' +
    '  onmouseenter="this.play()" onmouseleave="this.pause()"\n' +
    '  onfocus="this.play()" onblur="this.pause()"',
};

function escapeAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}
