import { createAddressMatcher, isPublicAddress } from "./address.ts";
import { type DownloadLimits, type DownloadOptions, downloadSource } from "./download.ts";
import { createExchange, type Exchange } from "./exchange.ts";
import { isOwnOrigin } from "./own-origins.ts";
import { type Resolve, resolveBySystem } from "./resolve.ts";
import { createSlots, type SlotLimits } from "./slots.ts";

export interface NetConfig {
  /** Networks in CIDR form that may be reached although they are not public. */
  readonly allowPrivate: readonly string[];
}

export interface GuardedClientDeps {
  /** Unix milliseconds. */
  readonly now: () => number;
  /** `scheme://host:port` of the listener and of the public URL; asked for at each request. */
  readonly ownOrigins: () => readonly string[];
  readonly resolve?: Resolve;
  readonly slots?: SlotLimits;
}

/** Requests to addresses that came from outside. There is no other way to make one. */
export interface GuardedClient {
  /** For any purpose, by a policy. */
  readonly exchange: Exchange;
  /** Fetches a source into a file; see `downloadSource`. */
  download(url: string, path: string, options: DownloadOptions): Promise<void>;
}

const slotLimits: SlotLimits = { perHostMax: 4, waitingMax: 256 };
const sourceLimits: DownloadLimits = {
  timeoutMs: 15_000,
  sizeBytesMax: 10 * 1024 ** 2,
  tooLargeMessage: "file exceeds 10 MB limit",
};

/** @throws AppError `invalid_config` when a network of the configuration is none. */
export function createGuardedClient(
  deps: GuardedClientDeps,
  config: NetConfig,
  limits: DownloadLimits = sourceLimits,
): GuardedClient {
  const isOpened = createAddressMatcher(config.allowPrivate);
  const exchange = createExchange({
    resolve: deps.resolve ?? resolveBySystem,
    useSlot: createSlots(deps.slots ?? slotLimits),
    isAllowed: (target, address) =>
      (isPublicAddress(address) || isOpened(address)) &&
      !isOwnOrigin(target, address, deps.ownOrigins()),
  });
  return {
    exchange,
    download: (url, path, options) =>
      downloadSource({ exchange, now: deps.now }, limits, { url, path, ...options }),
  };
}
