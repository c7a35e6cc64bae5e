import { Elysia } from "elysia";
import type { SignedIn } from "../access/signed-in.ts";
import { type AssetActionsDeps, createAssetActionRoutes } from "./asset-actions.ts";
import { createAssetHistoryRoutes } from "./asset-history.ts";
import { type AssetRoutesDeps, createAssetRoutes } from "./assets.ts";
import { createLiveRoutes, type LiveDeps } from "./live.ts";
import { createPrepareRoutes, type PrepareDeps } from "./prepare.ts";
import { createUploadRoutes, type UploadDeps } from "./upload.ts";
import { createUploadsRoutes } from "./uploads.ts";

export interface AssetsApiDeps
  extends PrepareDeps,
    AssetRoutesDeps,
    AssetActionsDeps,
    LiveDeps,
    UploadDeps {
  readonly clock: UploadDeps["clock"];
}

/** All that somebody who is signed in can do with sources and clips. */
export function createAssetsApi(deps: AssetsApiDeps, signedIn: SignedIn) {
  return new Elysia({ name: "assets-api", normalize: false })
    .use(createUploadRoutes(deps, signedIn))
    .use(createUploadsRoutes(deps, signedIn))
    .use(createPrepareRoutes(deps, signedIn))
    .use(createAssetRoutes(deps, signedIn))
    .use(createAssetHistoryRoutes(deps, signedIn))
    .use(createAssetActionRoutes(deps, signedIn))
    .use(createLiveRoutes(deps, signedIn));
}
