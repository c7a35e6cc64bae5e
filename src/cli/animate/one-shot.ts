import { tmpdir } from "node:os";
import { systemClock } from "../../clock.ts";
import { openSeamMeter } from "../../loop/seam-meter.ts";
import type { Media, MediaConfig } from "../../media/media.ts";
import { openMedia } from "../../media/open-media.ts";
import { openEngine } from "../../motion/engine.ts";
import {
  animateOnce,
  type OneShotOptions,
  type OneShotRequest,
  type OneShotResult,
} from "../../pipeline/one-shot.ts";
import { createLocalMotion, localEngine } from "../../providers/local-motion.ts";
import { createLocalVision } from "../../providers/local-vision.ts";
import type { VisionProvider } from "../../providers/vision.ts";
import type { SightConfig } from "../../vision/look.ts";
import { openSight } from "../../vision/open-sight.ts";

export interface OneShot {
  readonly media: Media;
  readonly vision: VisionProvider;
  /** Makes one clip; see `animateOnce`. */
  animate(request: OneShotRequest, options: OneShotOptions): Promise<OneShotResult>;
  close(): Promise<void>;
}

/**
 * Opens what one clip needs, and neither a database nor a server.
 * @throws AppError `missing_tool` when there is no ffmpeg, `invalid_config` for a depth model that
 * cannot be used.
 */
export async function openOneShot(config: {
  readonly media: MediaConfig;
  readonly sight: SightConfig;
  readonly longSide: number;
  /** Clips at work at once. */
  readonly workersMax: number;
}): Promise<OneShot> {
  const media = await openMedia(config.media);
  const engine = openEngine(
    { clock: systemClock, tool: media.tool },
    { ...localEngine, workersMax: config.workersMax },
  );
  const meter = openSeamMeter({ tool: media.tool });
  const sight = openSight({ clock: systemClock }, config.sight);
  await sight.check();
  const deps = {
    media,
    vision: createLocalVision({ sight }),
    motion: createLocalMotion({ engine, longSide: config.longSide }),
    measureSeam: meter.measure,
    scratchRoot: tmpdir(),
  };
  return {
    media,
    vision: deps.vision,
    animate: (request, options) => animateOnce(deps, request, options),
    async close() {
      await Promise.all([engine.close(), meter.close(), sight.close()]);
    },
  };
}
