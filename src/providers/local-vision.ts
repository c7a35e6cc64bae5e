import type { LocalSight } from "../vision/look.ts";
import { promptOf } from "../vision/prompt.ts";
import type { VisionProvider } from "./vision.ts";

/** Local sight: no key, no network, and the same answer for the same picture. */
export function createLocalVision({ sight }: { readonly sight: LocalSight }): VisionProvider {
  return {
    name: "local",
    async describe(request, signal) {
      const { sourcePath, motion, mode, brand } = request;
      const look = await sight.look({ sourcePath, motion }, signal);
      const { plan, sight: seen } = look;
      const prompt =
        request.prompt ?? promptOf({ caption: seen.caption, plan, motion, mode, brand });
      return { prompt, plan, sight: seen };
    },
  };
}
