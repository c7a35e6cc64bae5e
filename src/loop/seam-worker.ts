import { toAppError } from "../errors.ts";
import { openMediaWith } from "../media/open-media.ts";
import { measureClip } from "./measure-clip.ts";
import type { FromSeamWorker, ToSeamWorker } from "./seam-meter.ts";

declare const self: Worker;

// An entry point: this thread measures one clip and is ended by whoever started it.
const controller = new AbortController();
self.onmessage = ({ data }: MessageEvent<ToSeamWorker>) => {
  if (data.kind === "cancel") controller.abort();
  else measure(data);
};

async function measure({ tool, path }: ToSeamWorker & { readonly kind: "measure" }): Promise<void> {
  try {
    reply({
      kind: "measured",
      seam: await measureClip(openMediaWith(tool), path, controller.signal),
    });
  } catch (thrown) {
    const { code, message, retry, cause } = toAppError(thrown);
    reply({ kind: "failed", code, message, retry, cause: String(cause ?? "") });
  }
}

function reply(message: FromSeamWorker): void {
  self.postMessage(message);
}
