import type { RgbPicture } from "../../kernel/planes.ts";
import { createField, type Field } from "./field.ts";

/** A picture as the eye codes it: brightness and two pairs of opposite colours. */
export interface Channels {
  readonly width: number;
  readonly height: number;
  /** 0 to 1. */
  readonly luma: Field;
  /** Red is positive, green negative: at most 0.7 either way. */
  readonly redGreen: Field;
  /** Yellow is positive, blue negative: at most 0.6 either way. */
  readonly yellowBlue: Field;
}

/** Opponent channels of a picture, weighted so that a difference in either counts alike. */
export function readChannels(picture: Readonly<RgbPicture>): Channels {
  const { width, height, pixels } = picture;
  const luma = createField(picture);
  const redGreen = createField(picture);
  const yellowBlue = createField(picture);
  for (let index = 0; index < width * height; index++) {
    const red = (pixels[3 * index] as number) / 255;
    const green = (pixels[3 * index + 1] as number) / 255;
    const blue = (pixels[3 * index + 2] as number) / 255;
    luma.samples[index] = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    redGreen.samples[index] = 0.7 * (red - green);
    yellowBlue.samples[index] = 0.6 * ((red + green) / 2 - blue);
  }
  return { width, height, luma, redGreen, yellowBlue };
}
