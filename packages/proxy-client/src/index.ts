export {
  type AnswerOf,
  type ApiClient,
  type ApiClientOptions,
  createApiClient,
  type HttpMethod,
  type PathOf,
  type RequestOf,
} from "./api.ts";
export { MotionessError, type MotionessErrorDetails } from "./error.ts";
export type {
  ApiKey,
  Asset,
  AssetEvent,
  Brand,
  Generation,
  Invite,
  Member,
  Prepared,
  PrepareRequest,
  Project,
  ProjectSummary,
  ProxyConfig,
  Upload,
  User,
  UserAccount,
} from "./openapi.ts";
export { type SignedUrlOptions, signProxyUrl } from "./sign.ts";
export { type StreamEvent, type SubscribeOptions, subscribe } from "./subscribe.ts";
export {
  type Aspect,
  buildProxyUrl,
  type Codec,
  type Format,
  type Mode,
  type Motion,
  type ParsedProxyUrl,
  type Pending,
  type ProxyUrlOptions,
  parseProxyUrl,
  posterUrl,
} from "./url.ts";
export { getVideoProps, type VideoProps } from "./video-props.ts";
export { type ReadyAsset, type WaitOptions, waitForAsset } from "./wait.ts";
export {
  verifyWebhook,
  type WebhookData,
  type WebhookOptions,
  type WebhookPayload,
} from "./webhook.ts";
