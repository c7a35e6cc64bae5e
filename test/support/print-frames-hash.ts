import { createKernel } from "../../src/kernel/kernel.ts";
import type { RenderRequest } from "../../src/motion/render.ts";
import { renderClip } from "../../src/motion/render-clip.ts";
import { recordEncoder } from "./render-fixtures.ts";

/** Draws the clip of a request that is given as JSON, and prints what stands for its frames. */
const request = JSON.parse(process.argv[2] ?? "") as RenderRequest;
const kernel = await createKernel();
const options = { signal: new AbortController().signal, onProgress: () => {} };
const { media } = recordEncoder();
const { framesHash } = await renderClip({ kernel, media, encoderThreads: 1 }, request, options);
console.log(framesHash);
