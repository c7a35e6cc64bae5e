import { AppError } from "../errors.ts";
import type { TrustedClient } from "../net/trusted.ts";
import type { Purger, PurgeTarget } from "./purger.ts";

/**
 * Varnish: one `PURGE` with the asset's id in `Surrogate-Key`. Its configuration turns that into a
 * ban, `ban("obj.http.Surrogate-Key == " + req.http.Surrogate-Key)`, for our answers carry it too.
 */
export function createVarnish(send: TrustedClient, { url, token }: PurgeTarget): Purger {
  return {
    async purge(assetId, signal) {
      const { status } = await send({
        url,
        method: "PURGE",
        headers: {
          "Surrogate-Key": assetId,
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        },
        signal,
      });
      if (status < 200 || status > 299) {
        throw new AppError("unavailable", `Varnish answered the purge with ${status}`);
      }
    },
  };
}
