import { afterAll, afterEach } from "bun:test";
import { join } from "node:path";
import { createFakeMotion, createFakeVision } from "../fakes/providers.ts";
import { openTestPipeline, type TestPipeline, type TestPipelineOptions } from "./pipeline.ts";
import { encodeGreyClip } from "./still-clip.ts";
import { openTemporaryDirectory } from "./temporary-directory.ts";

export interface UsedPipelines {
  /** The tests' own folder. */
  readonly folder: string;
  /** A clip of two seconds, which the fake motion hands out. */
  readonly clipPath: string;
  /** A pipeline with fake providers, closed after the test. */
  open(options?: Partial<TestPipelineOptions>): Promise<TestPipeline>;
}

/** Pipelines for the tests of one file; `defaults` are those of each. */
export async function usePipelines(
  defaults: Partial<TestPipelineOptions> = {},
): Promise<UsedPipelines> {
  const folder = await openTemporaryDirectory();
  afterAll(() => folder.close());
  const clipPath = join(folder.path, "clip.mp4");
  await encodeGreyClip(clipPath, 2);
  const opened: TestPipeline[] = [];
  afterEach(async () => {
    for (const pipeline of opened.splice(0)) await pipeline.close();
  });
  return {
    folder: folder.path,
    clipPath,
    async open(options = {}) {
      const pipeline = await openTestPipeline({
        vision: createFakeVision(),
        motion: [createFakeMotion({ clipPath })],
        ...defaults,
        ...options,
      });
      opened.push(pipeline);
      return pipeline;
    },
  };
}
