import { randomBytes } from "node:crypto";
import { loadPageFiles } from "../../public/page-files.ts";
import { setupPage } from "../../public/setup-page.ts";
import type { Passwords } from "../accounts/passwords.ts";
import { findAssetView } from "../assets/store.ts";
import { findUpload } from "../assets/uploads.ts";
import type { Closers } from "../closers.ts";
import { type Http, openHttp } from "../http/http.ts";
import type { Demo } from "../http/page/demo.ts";
import { createAskJson } from "../net/ask-json.ts";
import { findProxyProject } from "../projects/proxy-project.ts";
import { createSealer } from "../projects/seal.ts";
import { version } from "../version.ts";
import type { Desk } from "./desk.ts";
import type { Ground } from "./ground.ts";

export async function openFront(
  ground: Ground & { readonly passwords: Passwords },
  desk: Desk,
  demo: Demo | undefined,
  closers: Closers,
): Promise<Http> {
  const { config, store, storage, secret } = ground;
  const sealer = createSealer(secret.secret);
  const http = await openHttp({
    ...ground,
    ...desk,
    config: { ...config.http, ...config },
    secret: secret.secret,
    version,
    askProvider: createAskJson({ now: ground.clock.now }),
    random: Math.random,
    createSuffix: () => randomBytes(6).toString("hex"),
    findProject: (proxyKey) => findProxyProject({ store, sealer }, proxyKey),
    findAssetView: (assetId) => findAssetView(store.read, assetId),
    findUpload: (key) => findUpload(store.read, key),
    checks: [
      { name: "database", check: store.check },
      { name: "storage", check: storage.check },
      { name: "jobs", check: desk.check },
    ],
    page: { loadFiles: loadPageFiles, setupPage: setupPage() },
    demo,
  });
  closers.add(http.close);
  return http;
}
