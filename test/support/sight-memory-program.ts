import { openSight } from "../../src/vision/open-sight.ts";
import { createManualClock } from "./manual-clock.ts";

/**
 * Looks at the picture it is given, lets a minute pass, and prints the megabytes of this process
 * before, with the nets loaded, and when their Worker has ended.
 */

const megabytes = () => Math.round(process.memoryUsage.rss() / 1e6);
const clock = createManualClock();
const ended = Promise.withResolvers<void>();
const startWorker = () => {
  const worker = new Worker(new URL("../../src/vision/worker.ts", import.meta.url));
  worker.addEventListener("close", () => ended.resolve());
  return worker as never;
};
const sight = openSight({ clock, startWorker }, { nsfwThreshold: 0.85, depthModelPath: undefined });
const before = megabytes();
const request = JSON.parse(process.argv[2] ?? "{}");
await sight.look(request, new AbortController().signal);
const loaded = megabytes();
clock.advance(60_000);
await ended.promise;
Bun.gc(true);
// The system takes the pages of the ended thread back in its own time.
let after = megabytes();
for (let turn = 0; turn < 100; turn++) {
  await new Promise((resolve) => setTimeout(resolve, 20));
  after = Math.min(after, megabytes());
}
console.log(JSON.stringify({ before, loaded, after }));
process.exit(0);
