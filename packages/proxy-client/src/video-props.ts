import { buildProxyUrl, type ProxyUrlOptions, posterUrl } from "./url.ts";

/** Attributes of a `<video>` as JSX names them; the DOM's own property is `autoplay`. */
export interface VideoProps {
  readonly src: string;
  readonly poster: string;
  readonly autoPlay: boolean;
  readonly loop: boolean;
  readonly muted: true;
  readonly playsInline: true;
  readonly preload: "metadata";
}

/** What a `<video>` needs for a clip: it plays by itself, but for `animate-on-hover`. */
export function getVideoProps(options: Omit<ProxyUrlOptions, "format">): VideoProps {
  const { waitMs: _, ...poster } = options;
  const { width: __, ...clip } = options;
  return {
    src: buildProxyUrl({ ...clip, format: "mp4" }),
    poster: posterUrl(poster),
    autoPlay: options.mode !== "animate-on-hover",
    loop: options.mode === undefined || options.mode === "loop",
    muted: true,
    playsInline: true,
    preload: "metadata",
  };
}
