export { allocate, mark, release } from "./arena";
export { blendChroma, blendLuma } from "./blend";
export { padBorder } from "./border";
export { rgbToYuv420 } from "./colour";
export { sumFields } from "./field";
export { drawDisc, gainLuma } from "./light";
export { buildLivingMesh } from "./living-mesh";
export { borderOverflow, buildMesh } from "./mesh";
export {
  columnTableBytes,
  rowTableBytes,
  upsampleColumns,
  upsampleRows,
} from "./upsample";
export { warpChroma, warpLuma } from "./warp";
