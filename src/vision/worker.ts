import { createDepthNet } from "./depth-net.ts";
import { createNets } from "./nets.ts";
import { serveSight } from "./serve-sight.ts";

declare const self: Worker;

/** The entry of the sight Worker: it starts with nothing loaded, and looks at what it is sent. */
const serve = serveSight({
  createNets,
  createDepthNet,
  send: (message) => {
    self.postMessage(message);
    // What a picture leaves behind is typed arrays, which the collector thinks small: without this
    // it lets half a gigabyte of them pile up.
    Bun.gc(true);
  },
  exit: () => process.exit(0),
});
self.onmessage = (event) => serve(event.data);
