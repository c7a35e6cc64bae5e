import type { Channels } from "../field/channels.ts";
import { createField, type Field } from "../field/field.ts";

export interface MeanColour {
  readonly luma: number;
  readonly redGreen: number;
  readonly yellowBlue: number;
}

/** The mean colour inside a mask, or outside. */
export function meansIn(
  { luma, redGreen, yellowBlue }: Channels,
  mask: Field,
  isOutside: boolean,
): MeanColour {
  const weights = isOutside ? inverse(mask) : mask;
  const total = weights.samples.reduce((sum, weight) => sum + weight, 1e-6);
  const meanOf = ({ samples }: Field) => {
    let sum = 0;
    for (let index = 0; index < samples.length; index++) {
      sum += (samples[index] as number) * (weights.samples[index] as number);
    }
    return sum / total;
  };
  return { luma: meanOf(luma), redGreen: meanOf(redGreen), yellowBlue: meanOf(yellowBlue) };
}

function inverse(mask: Field): Field {
  const inverted = createField(mask);
  for (let index = 0; index < mask.samples.length; index++) {
    inverted.samples[index] = 1 - (mask.samples[index] as number);
  }
  return inverted;
}
