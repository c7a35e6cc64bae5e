import { AppError } from "../errors.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Media, MediaTool } from "../media/media.ts";
import type { ToWorker } from "../threads/messages.ts";
import { serveTasks, type WorkerSide } from "../threads/serve-tasks.ts";
import type { RenderRequest, RenderResult } from "./render.ts";
import { renderClip } from "./render-clip.ts";

/** What a render Worker is sent. */
export interface RenderJob {
  readonly request: RenderRequest;
  /** The ffmpeg that was found when the program started. */
  readonly tool: MediaTool;
  readonly encoderThreads: number;
}

/** What a render Worker tells meanwhile. */
export interface RenderProgress {
  readonly frames: number;
  readonly framesTotal: number;
}

export interface ServeDeps extends WorkerSide<RenderResult, RenderProgress> {
  createKernel(): Promise<Kernel>;
  openMedia(tool: MediaTool): Media;
}

/**
 * The inside of a render Worker: takes its messages, one render at a time. The kernel is
 * made for the first render and kept; after a failure that nobody foresaw it is made anew.
 */
export function serveRenders(deps: ServeDeps): (message: ToWorker<RenderJob>) => void {
  let kernel: Promise<Kernel> | undefined;
  return serveTasks(deps, {
    perform: async ({ request, tool, encoderThreads }: RenderJob, { signal, onProgress }) => {
      kernel ??= deps.createKernel();
      const media = deps.openMedia(tool);
      return renderClip({ kernel: await kernel, media, encoderThreads }, request, {
        signal,
        onProgress: (frames, framesTotal) => onProgress({ frames, framesTotal }),
      });
    },
    recover: (cause) => {
      kernel = undefined;
      return new AppError("i2v_failed", "the local engine failed on this picture", { cause });
    },
  });
}
