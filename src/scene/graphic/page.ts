import type { RgbPicture } from "../../kernel/planes.ts";
import { readChannels } from "../field/channels.ts";
import { findStraightLines } from "../lines/straight-lines.ts";
import { isGraphic } from "./graphic.ts";

/** Lines that go through a picture from side to side or from top to bottom: so many rule a sheet. */
const rulesMin = 6;
const ruleShareMin = 0.85;

/** How far from level or upright a rule may be, of its length. */
const tiltMax = 0.03;

/** Whether a thumbnail is of something made to be read: a drawing, or a ruled sheet. */
export function isPage(thumbnail: Readonly<RgbPicture>): boolean {
  return isGraphic(thumbnail) || isRuled(thumbnail);
}

/** Whether straight gaps divide a picture from edge to edge, as on a sheet of photographs. */
export function isRuled(thumbnail: Readonly<RgbPicture>): boolean {
  const { width, height } = thumbnail;
  const rules = findStraightLines(readChannels(thumbnail)).filter((line) => {
    const [across, down] = [Math.abs(line.toX - line.fromX), Math.abs(line.toY - line.fromY)];
    const isLevel = across >= ruleShareMin * width && down <= tiltMax * across;
    return isLevel || (down >= ruleShareMin * height && across <= tiltMax * down);
  });
  return rules.length >= rulesMin;
}
