import { expect, test } from "bun:test";
import { encodeRecipe } from "../../../src/media/ffmpeg/recipe.ts";

test("nothing in the encoder races, so that the same frames are the same file", () => {
  const { output } = encodeRecipe({ path: "a.mp4", width: 902, height: 600, fps: 30, threads: 4 });
  expect(output).toMatchObject({
    encoder: { options: { threads: "4", "x264-params": "sync-lookahead=0", flags: "+bitexact" } },
  });
});
