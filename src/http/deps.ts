import type { AccountsConfig } from "../accounts/config.ts";
import type { AskProvider } from "../accounts/oauth.ts";
import type { Passwords } from "../accounts/passwords.ts";
import type { EnsureAsset } from "../assets/ensure.ts";
import type { AssetRequest, AssetView } from "../assets/request.ts";
import type { UploadLimits } from "../assets/uploads.ts";
import type { Clock } from "../clock.ts";
import type { Upload } from "../db/schema.ts";
import type { Store } from "../db/store.ts";
import type { Log } from "../log.ts";
import type { Exchange } from "../net/exchange.ts";
import type { ProxyProject } from "../projects/proxy-project.ts";
import type { Storage } from "../storage/storage.ts";
import type { LimitNumbers } from "./access/rate-limits.ts";
import type { PrepareEstimate } from "./assets/prepare.ts";
import type { ReadinessCheck } from "./health.ts";
import type { ListenAddress } from "./listen.ts";
import type { Demo } from "./page/demo.ts";
import type { PageDeps } from "./page/page.ts";
import type { PosterSources } from "./proxy/posters.ts";
import type { Renditions } from "./proxy/rendition.ts";

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
  /** What each user may have stored. */
  readonly uploads: UploadLimits;
  readonly accounts: AccountsConfig;
}

/** What HTTP stands on. It reads and asks for work; it never does any. */
export interface HttpDeps {
  readonly config: HttpConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store;
  readonly storage: Storage;
  /** Of this program, as the reference says it. */
  readonly version: string;
  /** The server's own secret. */
  readonly secret: string;
  readonly passwords: Passwords;
  /** The way out to those who tell us who somebody is. */
  readonly askProvider: AskProvider;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** 12 random characters of `[a-z0-9]`. */
  readonly createSuffix: () => string;
  readonly findProject: (proxyKey: string) => Promise<ProxyProject | undefined>;
  readonly ensureAsset: EnsureAsset;
  readonly findAssetView: (assetId: string) => Promise<AssetView | undefined>;
  /** Milliseconds until an asset's clip is expected, at least a second. */
  readonly etaMs: (view: AssetView) => number;
  /** What a clip would take and cost that is not begun. */
  readonly estimate: (request: AssetRequest) => PrepareEstimate;
  readonly findUpload: (key: string) => Promise<Upload | undefined>;
  readonly renditions: Renditions;
  readonly sources: PosterSources;
  /** The way out to endpoints, for tests of them. */
  readonly webhookExchange: Exchange;
  /** A folder of this machine for what lives as long as a request. */
  readonly scratchRoot: string;
  readonly checks: readonly ReadinessCheck[];
  /** The first page with what it loads, and the one that makes the first administrator. */
  readonly page: Omit<PageDeps, "access">;
  readonly demo: Demo | undefined;
}
