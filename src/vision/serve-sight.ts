import { AppError } from "../errors.ts";
import type { DepthNet } from "./depth-net.ts";
import type { Look } from "./look.ts";
import { lookAtStill } from "./look-at-still.ts";
import type { Failure, FromSightWorker, SightTask, ToSightWorker } from "./messages.ts";
import type { Nets } from "./nets.ts";

export interface ServeSightDeps {
  createNets(): Nets;
  createDepthNet(path: string): Promise<DepthNet>;
  send(message: FromSightWorker): void;
  exit(): void;
}

/**
 * The inside of the sight Worker: takes its messages, one task at a time. Nets are loaded for the
 * first picture that needs them and kept; after a failure nobody foresaw they are loaded anew.
 */
export function serveSight(deps: ServeSightDeps): (message: ToSightWorker) => void {
  let loaded = createLoaded(deps);
  let cancelling = new AbortController();

  const run = async (task: SightTask): Promise<void> => {
    cancelling = new AbortController();
    try {
      deps.send({ kind: "done", look: await perform(task, loaded, cancelling.signal) });
    } catch (error) {
      if (!(error instanceof AppError)) loaded = createLoaded(deps);
      deps.send({ kind: "failed", failure: failureOf(error) });
    }
  };

  return (message) => {
    if (message.kind === "task") void run(message.task);
    if (message.kind === "cancel") cancelling.abort();
    if (message.kind === "end") deps.exit();
  };
}

/** What has been loaded so far. */
interface Loaded {
  readonly nets: Nets;
  depth(path: string): Promise<DepthNet>;
}

function createLoaded({ createNets, createDepthNet }: ServeSightDeps): Loaded {
  let depth: Promise<DepthNet> | undefined;
  return {
    nets: createNets(),
    // There is one setting for the model, so the path is always the same.
    depth: (path) => {
      depth ??= createDepthNet(path);
      return depth;
    },
  };
}

async function perform(
  task: SightTask,
  { nets, depth }: Loaded,
  signal: AbortSignal,
): Promise<Look | undefined> {
  if (task.kind === "try-depth") {
    await (await depth(task.path)).tryOut();
    return undefined;
  }
  const { nsfwThreshold, depthModelPath } = task.config;
  const depthNet = depthModelPath === undefined ? undefined : () => depth(depthModelPath);
  return lookAtStill({ nets, depthNet, nsfwThreshold }, task.request, signal);
}

function failureOf(error: unknown): Failure {
  const known =
    error instanceof AppError
      ? error
      : new AppError("i2v_failed", "local sight failed on this picture", { cause: error });
  const { code, message, retry, cause } = known;
  return { code, message, retry, cause: cause === undefined ? "" : textOf(cause) };
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
