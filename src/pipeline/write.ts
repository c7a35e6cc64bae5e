import { AppError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import type { ClipInfo } from "../media/media.ts";
import { framePoster } from "../media/picture/poster.ts";
import { thumbhashOf } from "../media/picture/thumbhash.ts";
import { copyWork } from "./generation.ts";
import { mediaKey, posterKey } from "./keys.ts";
import type { Stage, StageContext } from "./stage.ts";

/** Checks the finished clip, makes its poster and stores both where they are served from. */
export const writeMedia: Stage<"write"> = async (deps, context) => {
  const { generation, signal } = context;
  const path = await copyWork(deps, context);
  const clip = await deps.media.probe(path, { signal });
  refuseUnplayable(clip, context);
  const at = generation.mode === "animate-in" ? "last" : "first";
  const poster = await framePoster(deps.media, { path, clip, at, signal });
  const thumbhash = await thumbhashOf(poster);
  const media = await deps.storage.put(mediaKey(generation), Bun.file(path), {
    contentType: "video/mp4",
    signal,
  });
  const image = await deps.storage.put(posterKey(generation), poster, {
    contentType: "image/jpeg",
    signal,
  });
  failpoint("before_ready_commit");
  return {
    event: "written",
    changes: {
      media_key: mediaKey(generation),
      media_sha256: media.sha256,
      bytes: media.sizeBytes,
      width: clip.width,
      height: clip.height,
      fps: clip.fps,
      frames: clip.frames,
      poster_key: posterKey(generation),
      poster_sha256: image.sha256,
      thumbhash,
    },
  };
};

/** Nothing becomes `ready` that a browser would not play. */
function refuseUnplayable(clip: ClipInfo, context: StageContext): void {
  const seconds = context.generation.dur_seconds;
  const problems = [
    clip.codec !== "h264" && `the codec is ${clip.codec}, not h264`,
    clip.pixelFormat !== "yuv420p" && `the pixel format is ${clip.pixelFormat}, not yuv420p`,
    clip.hasAudio && "there is an audio track",
    !clip.isFastStart && "the index does not come first",
    Math.abs(clip.durationSeconds - seconds) > 0.5 &&
      `it lasts ${clip.durationSeconds} s instead of ${seconds} s`,
  ].filter((problem) => problem !== false);
  if (problems.length > 0) {
    throw new AppError("i2v_failed", `the clip is unusable: ${problems.join("; ")}`);
  }
}
