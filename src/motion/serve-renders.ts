import { AppError } from "../errors.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Media, MediaTool } from "../media/media.ts";
import type { Failure, FromWorker, RenderJob, ToWorker } from "./messages.ts";
import { renderClip } from "./render-clip.ts";

export interface ServeDeps {
  createKernel(): Promise<Kernel>;
  openMedia(tool: MediaTool): Media;
  send(message: FromWorker): void;
  exit(): void;
}

/**
 * The inside of a render Worker: takes its messages, one render at a time. The kernel is
 * made for the first render and kept; after a failure that nobody foresaw it is made anew.
 */
export function serveRenders(deps: ServeDeps): (message: ToWorker) => void {
  let kernel: Promise<Kernel> | undefined;
  let cancelling = new AbortController();

  const render = async (job: RenderJob): Promise<void> => {
    cancelling = new AbortController();
    const { signal } = cancelling;
    try {
      kernel ??= deps.createKernel();
      const media = deps.openMedia(job.tool);
      const onProgress = (frames: number, framesTotal: number) =>
        deps.send({ kind: "progress", frames, framesTotal });
      const { request, encoderThreads } = job;
      const tools = { kernel: await kernel, media, encoderThreads };
      const result = await renderClip(tools, request, { signal, onProgress });
      deps.send({ kind: "rendered", result });
    } catch (error) {
      if (!(error instanceof AppError)) kernel = undefined;
      deps.send({ kind: "failed", failure: failureOf(error) });
    }
  };

  return (message) => {
    if (message.kind === "render") void render(message.job);
    if (message.kind === "cancel") cancelling.abort();
    if (message.kind === "end") deps.exit();
  };
}

function failureOf(error: unknown): Failure {
  const known =
    error instanceof AppError
      ? error
      : new AppError("i2v_failed", "the local engine failed on this picture", { cause: error });
  const { code, message, retry, cause } = known;
  return { code, message, retry, cause: cause === undefined ? "" : textOf(cause) };
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
