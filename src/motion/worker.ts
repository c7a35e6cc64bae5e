import { createKernel } from "../kernel/kernel.ts";
import { openMediaWith } from "../media/open-media.ts";
import { serveRenders } from "./serve-renders.ts";

declare const self: Worker;

/** The entry of a render Worker: it starts with nothing loaded, and renders what it is sent. */
const serve = serveRenders({
  createKernel,
  openMedia: openMediaWith,
  send: (message) => self.postMessage(message),
  exit: () => process.exit(0),
});
self.onmessage = (event) => serve(event.data);
