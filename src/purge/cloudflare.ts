import { AppError } from "../errors.ts";
import type { TrustedClient } from "../net/trusted.ts";
import type { Purger, PurgeTarget } from "./purger.ts";

/**
 * Cloudflare: `POST {zone}/purge_cache` with the asset's id as a cache tag.
 * @param target its URL is the zone's, `https://api.cloudflare.com/client/v4/zones/{id}`.
 */
export function createCloudflare(send: TrustedClient, target: PurgeTarget): Purger {
  return {
    async purge(assetId, signal) {
      const { status, text } = await send({
        url: `${target.url}/purge_cache`,
        method: "POST",
        headers: {
          Authorization: `Bearer ${target.token ?? ""}`,
          "Content-Type": "application/json",
        },
        body: JSON.stringify({ tags: [assetId] }),
        signal,
      });
      // Some of its refusals are answered with 200.
      if (status === 200 && /"success"\s*:\s*true/.test(text)) return;
      throw new AppError("unavailable", `Cloudflare answered the purge with ${status}`, {
        cause: text.slice(0, 500),
      });
    },
  };
}
