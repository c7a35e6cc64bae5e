import type { TranscodeSpec } from "../media.ts";
import type { RenditionFormat } from "../rendition-format.ts";
import { bt709, clipInput, mp4Options, type Recipe, type RecipeOptions } from "./recipe.ts";

/** What differs between the formats. All take one video stream and give one. */
interface FormatRecipe {
  readonly container: "mp4" | "webp" | "avif" | "gif";
  /** From a frame of the clip, already thinned out, to what the encoder takes. */
  readonly filter: (spec: TranscodeSpec) => string;
  readonly encoding: (spec: TranscodeSpec, encoder: string) => RecipeOptions;
  readonly options: (spec: TranscodeSpec) => RecipeOptions;
}

/** @param encoder one of those that the format can be made with. */
export function transcodeRecipe(spec: TranscodeSpec, encoder: string): Recipe {
  const { container, filter, encoding, options } = recipes[spec.format];
  const thinning = spec.frameStep > 1 ? `framestep=${spec.frameStep},` : "";
  return {
    input: clipInput(spec.from),
    filter: thinning + filter(spec),
    output: {
      to: "file",
      path: spec.to,
      format: container,
      encoder: { name: encoder, options: { ...encoding(spec, encoder), flags: "+bitexact" } },
      options: { fflags: "+bitexact", ...options(spec) },
    },
  };
}

const recipes: { readonly [F in RenditionFormat]: FormatRecipe } = {
  av1: {
    container: "mp4",
    filter: (spec) => `${scale(spec)},format=yuv420p`,
    encoding: av1Encoding,
    options: () => mp4Options,
  },
  avif: {
    container: "avif",
    filter: (spec) => `${scale(spec)},format=yuv420p`,
    encoding: av1Encoding,
    // How often it plays is written afterwards: not every version can.
    options: () => ({}),
  },
  webp: {
    container: "webp",
    // A lossy WebP is BT.601 in the limited range, and says so nowhere (RFC 6386 §9.2).
    filter: (spec) =>
      `${scale(spec)}:in_color_matrix=bt709:out_color_matrix=bt601:out_range=tv,format=yuv420p`,
    encoding: ({ quality }) => ({ quality: String(quality), compression_level: "4" }),
    options: ({ loops }) => ({ loop: loops ? "0" : "1" }),
  },
  gif: {
    container: "gif",
    // One palette for all frames: it is made of them first, and they wait for it, decoded.
    filter: (spec) =>
      `${scale(spec)}+accurate_rnd+full_chroma_int:in_color_matrix=bt709,format=bgra,` +
      `split[all][same];[all]palettegen=max_colors=${spec.quality}[palette];` +
      "[same][palette]paletteuse=dither=bayer:bayer_scale=3:diff_mode=rectangle",
    encoding: () => ({}),
    // Here -1 is once.
    options: ({ loops }) => ({ loop: loops ? "0" : "-1" }),
  },
};

function scale({ width, height }: TranscodeSpec): string {
  return `scale=${width}:${height}:flags=lanczos`;
}

/** Both encoders at their fastest useful setting; the quality is what they call `crf`. */
function av1Encoding({ quality, threads }: TranscodeSpec, encoder: string): RecipeOptions {
  const crf = String(quality);
  if (encoder === "libsvtav1") {
    return { ...bt709, preset: "12", crf, "svtav1-params": `lp=${threads}` };
  }
  // Without a bit rate of 0 the quality would be a mere upper limit.
  return { ...bt709, usage: "realtime", "cpu-used": "8", crf, b: "0", threads: String(threads) };
}
