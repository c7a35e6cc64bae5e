import type { EnsureAsset } from "../assets/ensure.ts";
import type { AssetView } from "../assets/request.ts";
import type { NewUpload } from "../assets/uploads.ts";
import type { Clock } from "../clock.ts";
import type { Upload } from "../db/schema.ts";
import type { Store } from "../db/store.ts";
import type { Log } from "../log.ts";
import type { ProxyProject } from "../projects/proxy-project.ts";
import type { Storage } from "../storage/storage.ts";
import type { Demo } from "./demo.ts";
import type { ReadinessCheck } from "./health.ts";
import type { ListenAddress } from "./listen.ts";
import type { PageFile } from "./page.ts";
import type { PosterSources } from "./posters.ts";
import type { Renditions } from "./rendition.ts";
import type { LimitNumbers } from "./rate-limits.ts";

/** What the operator decides about this front door. */
export interface HttpConfig {
  readonly listen: ListenAddress;
  /** The public URL without a slash at the end; undefined means the listener's own. */
  readonly baseUrl: string | undefined;
  /** Networks in CIDR form whose forwarded headers count. */
  readonly trustedProxies: readonly string[];
  /** Shown to who has reached a limit. */
  readonly upgradeUrl: string | undefined;
  /** Memory for the clips asked for most. */
  readonly bodyCacheBytesMax: number;
  /** What differs from the documented limits. */
  readonly rateLimits: Partial<LimitNumbers>;
}

/** What HTTP stands on. It reads and asks for work; it never does any. */
export interface HttpDeps {
  readonly config: HttpConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store;
  readonly storage: Storage;
  /** The server's own secret. */
  readonly secret: string;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** 12 random characters of `[a-z0-9]`. */
  readonly createSuffix: () => string;
  readonly findProject: (proxyKey: string) => Promise<ProxyProject | undefined>;
  readonly ensureAsset: EnsureAsset;
  readonly findAssetView: (assetId: string) => Promise<AssetView | undefined>;
  /** Milliseconds until an asset's clip is expected, at least a second. */
  readonly etaMs: (view: AssetView) => number;
  readonly findUpload: (key: string) => Promise<Upload | undefined>;
  readonly insertUpload: (upload: NewUpload) => Promise<void>;
  readonly renditions: Renditions;
  readonly sources: PosterSources;
  /** A folder of this machine for what lives as long as a request. */
  readonly scratchRoot: string;
  readonly checks: readonly ReadinessCheck[];
  /** The first page and what it loads, by URL path. */
  readonly pageFiles: ReadonlyMap<string, PageFile>;
  readonly demo: Demo | undefined;
}
