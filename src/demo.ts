import catPath from "../assets/samples/cat.jpg" with { type: "file" };
import coffeePath from "../assets/samples/coffee.jpg" with { type: "file" };
import portraitPath from "../assets/samples/portrait.jpg" with { type: "file" };
import rocketPath from "../assets/samples/rocket.jpg" with { type: "file" };
import { hasAdmin } from "./accounts/setup.ts";
import type { EnsureAsset } from "./assets/ensure.ts";
import { plainRequest } from "./assets/request.ts";
import { hasEnded } from "./assets/store.ts";
import { findUpload, insertUpload } from "./assets/uploads.ts";
import type { Store } from "./db/store.ts";
import type { Demo, DemoSample } from "./http/page/demo.ts";
import { uploadUrl } from "./http/proxy/upload-url.ts";
import type { Log } from "./log.ts";
import { demoUserId, ensureDemoProject } from "./projects/demo.ts";
import type { Storage } from "./storage/storage.ts";

/** Changed together with the pictures: an upload never changes under its name. */
const edition = 1;

interface Sample {
  readonly name: string;
  readonly title: string;
  readonly path: string;
  readonly width: number;
  readonly height: number;
}

const samples: readonly Sample[] = [
  { name: "coffee", title: "Coffee", path: coffeePath, width: 600, height: 400 },
  { name: "rocket", title: "Lift-off", path: rocketPath, width: 640, height: 427 },
  { name: "cat", title: "Cat", path: catPath, width: 451, height: 300 },
  { name: "portrait", title: "Portrait", path: portraitPath, width: 512, height: 512 },
];

export interface DemoDeps {
  readonly store: Store;
  readonly storage: Storage;
  readonly clock: { now(): number };
}

/** Makes the demo project and stores the photographs that come with the program, once. */
export async function openDemo(deps: DemoDeps): Promise<Demo & { readonly projectId: string }> {
  const { projectId, proxyKey } = await ensureDemoProject(deps.store, deps.clock);
  const stored: DemoSample[] = [];
  for (const sample of samples) stored.push(await ensureSample(deps, sample));
  return {
    projectId,
    proxyKey,
    userId: demoUserId,
    samples: stored,
    isOn: async () => !(await hasAdmin(deps.store)),
  };
}

async function ensureSample(deps: DemoDeps, sample: Sample): Promise<DemoSample> {
  const file = `sample-${edition}-${sample.name}.jpg`;
  const key = `uploads/${demoUserId}/${file}`;
  if (!(await findUpload(deps.store.read, key))) {
    const contentType = "image/jpeg";
    const object = await deps.storage.put(key, Bun.file(sample.path), { contentType });
    await insertUpload(deps.store, {
      key,
      user_id: demoUserId,
      file,
      content_type: contentType,
      bytes: object.sizeBytes,
      sha256: object.sha256,
      width: sample.width,
      height: sample.height,
    });
  }
  return { title: sample.title, key };
}

export interface AnimateSamplesDeps {
  readonly store: Store;
  readonly ensureAsset: EnsureAsset;
  readonly baseUrl: string;
  readonly log: Log;
}

/**
 * Makes the samples' clips, so that a first visitor finds them moving, or about to: one after the
 * other, so that a picture which that visitor drops never waits behind all of them.
 */
export function animateSamples(
  deps: AnimateSamplesDeps,
  demo: Demo & { readonly projectId: string },
): { readonly ended: Promise<void>; close(): void } {
  const closing = new AbortController();
  const animateAll = async () => {
    for (const { key } of demo.samples) {
      // As the page asks for it when it shows a sample.
      const request = plainRequest(demo.projectId, uploadUrl(deps.baseUrl, key));
      const { asset } = await deps.ensureAsset(request, { requestId: "req_demo" });
      // It may have come while the asset was written, and would not come again.
      if (closing.signal.aborted) return;
      await untilEnded(deps.store, asset.id, closing.signal);
      if (closing.signal.aborted) return;
    }
  };
  const ended = animateAll().catch((error) => deps.log.warn("samples_not_made", { error }));
  return { ended, close: () => closing.abort() };
}

/** Looks at each wake-up; resolves when nothing more happens to the asset, or on abort. */
function untilEnded(store: Store, assetId: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      unsubscribe();
      signal.removeEventListener("abort", stop);
      settle();
    };
    const stop = () => finish(resolve);
    const look = async () => {
      if (await hasEnded(store.read, assetId)) stop();
    };
    const unsubscribe = store.subscribe((topic) => {
      if (topic !== undefined && topic !== `asset:${assetId}`) return;
      look().catch((error) => finish(() => reject(error)));
    });
    signal.addEventListener("abort", stop);
    look().catch((error) => finish(() => reject(error)));
  });
}
