import { AppError } from "../errors.ts";
import type { TrustedClient } from "../net/trusted.ts";
import type { Purger, PurgeTarget } from "./purger.ts";

/**
 * Fastly: `POST {service}/purge/{key}` with the asset's id as the surrogate key.
 * @param target its URL is the service's, `https://api.fastly.com/service/{id}`.
 */
export function createFastly(send: TrustedClient, target: PurgeTarget): Purger {
  return {
    async purge(assetId, signal) {
      const { status, text } = await send({
        url: `${target.url}/purge/${assetId}`,
        method: "POST",
        headers: { "Fastly-Key": target.token ?? "", Accept: "application/json" },
        signal,
      });
      if (status === 200) return;
      throw new AppError("unavailable", `Fastly answered the purge with ${status}`, {
        cause: text.slice(0, 500),
      });
    },
  };
}
