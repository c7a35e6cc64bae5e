import { AppError } from "../errors.ts";
import type { ToWorker } from "../threads/messages.ts";
import { serveTasks, type WorkerSide } from "../threads/serve-tasks.ts";
import type { DepthNet } from "./depth-net.ts";
import type { Look, LookRequest, SightConfig } from "./look.ts";
import { lookAtStill } from "./look-at-still.ts";
import type { Nets } from "./nets.ts";

/** What the sight Worker is sent. */
export type SightTask =
  | { readonly kind: "look"; readonly request: LookRequest; readonly config: SightConfig }
  /** Loads the depth model and runs it once; nothing is seen then. */
  | { readonly kind: "try-depth"; readonly path: string };

export interface ServeSightDeps extends WorkerSide<Look | undefined> {
  createNets(): Nets;
  createDepthNet(path: string): Promise<DepthNet>;
}

/**
 * The inside of the sight Worker: takes its messages, one task at a time. Nets are loaded for the
 * first picture that needs them and kept; after a failure nobody foresaw they are loaded anew.
 */
export function serveSight(deps: ServeSightDeps): (message: ToWorker<SightTask>) => void {
  let loaded = createLoaded(deps);
  return serveTasks(deps, {
    perform: (task: SightTask, { signal }) => perform(task, loaded, signal),
    recover: (cause) => {
      loaded = createLoaded(deps);
      return new AppError("i2v_failed", "local sight failed on this picture", { cause });
    },
  });
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
