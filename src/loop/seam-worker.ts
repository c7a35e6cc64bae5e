import { toAppError } from "../errors.ts";
import { openMediaWith } from "../media/open-media.ts";
import { serveTasks } from "../threads/serve-tasks.ts";
import { measureClip } from "./measure-clip.ts";
import type { Seam } from "./seam.ts";
import type { SeamTask } from "./seam-task.ts";

declare const self: Worker;

/** The entry of the thread that measures one clip, and is ended by whoever started it. */
const serve = serveTasks<SeamTask, Seam>(
  { send: (message) => self.postMessage(message), exit: () => process.exit(0) },
  {
    perform: ({ tool, path }, { signal }) => measureClip(openMediaWith(tool), path, signal),
    recover: toAppError,
  },
);
self.onmessage = (event) => serve(event.data);
