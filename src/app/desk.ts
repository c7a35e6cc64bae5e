import { createEnsureAsset, type EnsureAsset } from "../assets/ensure.ts";
import { createEnsureRendition } from "../assets/renditions.ts";
import type { AssetRequest, AssetView } from "../assets/request.ts";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import type { Http } from "../http/http.ts";
import type { Renditions } from "../http/proxy/rendition.ts";
import { findUploadKey } from "../http/proxy/upload-url.ts";
import { getRenditionEncoder } from "../media/ffmpeg/rendition-encoder.ts";
import type { MediaTool } from "../media/media.ts";
import { createGuardedClient } from "../net/client.ts";
import type { Exchange } from "../net/exchange.ts";
import { createEstimate, createEta, type Estimate } from "../pipeline/eta.ts";
import { createSourceReader } from "../pipeline/sources.ts";
import type { SourceReader } from "../pipeline/stage.ts";
import { localEstimate } from "../providers/local-motion.ts";
import { hostSlots } from "../webhooks/attempt.ts";
import type { Ground } from "./ground.ts";
import type { Work } from "./work.ts";

/** What the front door asks for: work to be done, and how it stands. */
export interface Desk {
  readonly ensureAsset: EnsureAsset;
  readonly sources: SourceReader;
  /** The one way out to addresses that others choose. */
  readonly exchange: Exchange;
  /** The same for messages: who is slow to take them holds up no sources. */
  readonly webhookExchange: Exchange;
  readonly etaMs: (view: AssetView) => number;
  readonly renditions: Renditions;
  readonly estimate: (request: AssetRequest) => Estimate;
  /** Throws unless jobs are being taken. */
  readonly check: () => Promise<void>;
  /** Tells where the server is reached: a source cannot be asked for before that. */
  place(http: Http): void;
}

export function openDesk(
  ground: Ground,
  found: Promise<MediaTool>,
  work: () => Work | undefined,
): Desk {
  const { config, clock, store, storage } = ground;
  let own: Http | undefined;
  const guard = { now: clock.now, ownOrigins: () => (own ? ownOrigins(config, own) : []) };
  const client = createGuardedClient(guard, config.net);
  const webhooks = createGuardedClient({ ...guard, slots: hostSlots }, config.net);
  const sources = createSourceReader({
    storage,
    client,
    findUploadKey: (src) => own && findUploadKey(own.baseUrl, src),
  });
  return {
    sources,
    exchange: client.exchange,
    webhookExchange: webhooks.exchange,
    ensureAsset: createEnsureAsset({ store, clock, createId: () => Bun.randomUUIDv7() }),
    etaMs: createEta(clock, [localEstimate]),
    estimate: createEstimate([localEstimate]),
    renditions: {
      check: async (format) => void getRenditionEncoder(await found, format),
      ensure: createEnsureRendition({ store, clock }),
    },
    async check() {
      if (!work()) throw new AppError("unavailable", "no jobs are taken yet");
    },
    place(http) {
      own = http;
    },
  };
}

/** What leads back here: the address that is listened on, which may be all, and the public URL. */
function ownOrigins({ listen }: Config, { port, baseUrl }: Http): readonly string[] {
  if (listen.kind === "unix") return [baseUrl];
  const host = listen.host.includes(":") ? `[${listen.host}]` : listen.host;
  return [`http://${host}:${port}`, baseUrl];
}
