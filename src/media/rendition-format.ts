/** The forms that a finished clip can be had in besides its H.264 mp4. */
export const renditionFormats = ["av1", "webp", "avif", "gif"] as const;
export type RenditionFormat = (typeof renditionFormats)[number];

interface FormatFacts {
  readonly contentType: string;
  /** Of a file name, without the dot. */
  readonly extension: string;
  /** Any of these will do; the first that there is is used. */
  readonly encoders: readonly [string, ...string[]];
}

export const renditionFacts: { readonly [F in RenditionFormat]: FormatFacts } = {
  av1: {
    contentType: "video/mp4",
    extension: "av1.mp4",
    encoders: ["libsvtav1", "libaom-av1"],
  },
  webp: { contentType: "image/webp", extension: "webp", encoders: ["libwebp_anim"] },
  avif: { contentType: "image/avif", extension: "avif", encoders: ["libsvtav1", "libaom-av1"] },
  gif: { contentType: "image/gif", extension: "gif", encoders: ["gif"] },
};

/** A stored or given name, or undefined when it is none of these formats. */
export function parseRenditionFormat(text: string): RenditionFormat | undefined {
  return renditionFormats.find((format) => format === text);
}
