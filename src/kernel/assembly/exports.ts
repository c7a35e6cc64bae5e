export { allocate, mark, release } from "./arena";
export { padBorder } from "./border";
export { rgbToYuv420 } from "./colour";
export { borderOverflow, buildMesh } from "./mesh";
export {
  columnTableBytes,
  rowTableBytes,
  upsampleColumns,
  upsampleRows,
} from "./upsample";
export { warpChroma, warpLuma } from "./warp";
