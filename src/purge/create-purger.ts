import { createTrustedClient, type TrustedClient } from "../net/trusted.ts";
import { createCloudflare } from "./cloudflare.ts";
import { createFastly } from "./fastly.ts";
import type { PurgeConfig, Purger } from "./purger.ts";
import { createVarnish } from "./varnish.ts";

const timeoutMs = 10_000;

/** The purger that the settings name; undefined when there is no cache to tell. */
export function createPurger(
  config: PurgeConfig,
  send: TrustedClient = createTrustedClient(timeoutMs),
): Purger | undefined {
  switch (config.kind) {
    case "none":
      return undefined;
    case "varnish":
      return createVarnish(send, config);
    case "cloudflare":
      return createCloudflare(send, config);
    case "fastly":
      return createFastly(send, config);
  }
}
