import type { MediaTool } from "../media/media.ts";

/** What the thread that measures is sent. */
export interface SeamTask {
  readonly tool: MediaTool;
  readonly path: string;
}
