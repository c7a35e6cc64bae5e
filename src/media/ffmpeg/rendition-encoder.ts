import { AppError } from "../../errors.ts";
import type { MediaTool } from "../media.ts";
import { type RenditionFormat, renditionFacts } from "../rendition-format.ts";

/**
 * The encoder that this ffmpeg makes the format with.
 * @throws AppError `unsupported_format` that names what the ffmpeg lacks.
 */
export function getRenditionEncoder(
  tool: Pick<MediaTool, "version" | "encoders">,
  format: RenditionFormat,
): string {
  const { encoders } = renditionFacts[format];
  const found = encoders.find((name) => tool.encoders.has(name));
  if (found !== undefined) return found;
  throw new AppError(
    "unsupported_format",
    `this server makes no ${format}: its ffmpeg ${tool.version} was built without the encoder ` +
      encoders.join(" or "),
  );
}
