import type { Targets } from "./tenants.ts";

/** What every role gets, in the order of `roles`. */
type Statuses = readonly [number, number, number, number, number, number, number, number];

export interface RoleRow {
  readonly path: (targets: Targets) => string;
  /** JSON, or a form with a picture. */
  readonly body?: (targets: Targets) => unknown;
  readonly statuses: Statuses;
}

// Columns: nobody, outsider, viewer, editor, owner, admin, reader, disabled.
const anybody = (status: number): Statuses => {
  const same = [status, status, status, status] as const;
  return [...same, ...same];
};
const signedIn = (status: number): Statuses => {
  return [401, status, status, status, status, status, status, 401];
};
/** A key that may only read is refused before anything is looked up. */
const writing = (status: number): Statuses => {
  return [401, status, status, status, status, status, 403, 401];
};
const forViewers: Statuses = [401, 404, 200, 200, 200, 404, 200, 401];
const forEditors = (status = 200): Statuses => [401, 404, 403, status, status, 404, 403, 401];
const forOwner: Statuses = [401, 404, 403, 403, 200, 404, 403, 401];
/** What is one user's own: others are told of nothing. */
const forOneself: Statuses = [401, 404, 404, 404, 200, 404, 403, 401];
const forAdmins: Statuses = [401, 403, 403, 403, 403, 200, 403, 401];
const inviting: Statuses = [401, 403, 403, 403, 403, 201, 403, 401];

const project =
  (rest = "") =>
  (targets: Targets) =>
    `/api/projects/${targets.project}${rest}`;
const asset =
  (rest = "") =>
  (targets: Targets) =>
    `/api/assets/${targets.ready}${rest}`;
const at = (path: string) => () => path;
const source = (suffix: string) => (targets: Targets) =>
  `/v1/${targets.key}/acme.com/a.png.${suffix}?seed=1`;

let accounts = 0;
const account = () => {
  accounts += 1;
  return { email: `account${accounts}@example.com`, password: "long enough", name: "New" };
};
const changes = () => ({});
const prepare = (targets: Targets) => ({
  project_id: targets.project,
  src: "https://acme.com/a.png",
});

/** Every route of the document, and what each role is answered. */
export const roleTable: Readonly<Record<string, RoleRow>> = {
  "GET /v1/{projectKey}/{source}.mp4": { path: source("mp4"), statuses: anybody(200) },
  "GET /v1/{projectKey}/{source}.webp": { path: source("webp"), statuses: anybody(202) },
  "GET /v1/{projectKey}/{source}.avif": { path: source("avif"), statuses: anybody(202) },
  "GET /v1/{projectKey}/{source}.gif": { path: source("gif"), statuses: anybody(202) },
  "GET /v1/{projectKey}/{source}.jpg": { path: source("jpg"), statuses: anybody(200) },
  "GET /healthz": { path: at("/healthz"), statuses: anybody(200) },
  "GET /readyz": { path: at("/readyz"), statuses: anybody(200) },
  "GET /r2/assets/{file}": {
    path: ({ ready }) => `/r2/assets/${ready}.mp4`,
    statuses: anybody(200),
  },
  "GET /uploads/{user}/{file}": {
    path: ({ owner, file }) => `/uploads/${owner}/${file}`,
    statuses: anybody(200),
  },
  "GET /v1/{projectKey}/events/{assetId}": {
    path: ({ key, pending }) => `/v1/${key}/events/${pending}`,
    statuses: anybody(200),
  },
  "GET /api/demo": { path: at("/api/demo"), statuses: anybody(404) },
  "GET /api/openapi.json": { path: at("/api/openapi.json"), statuses: anybody(200) },

  "POST /api/v1/upload": {
    path: at("/api/v1/upload"),
    body: () => "a picture",
    statuses: writing(200),
  },
  "GET /api/v1/uploads": { path: at("/api/v1/uploads"), statuses: signedIn(200) },
  "DELETE /api/v1/uploads/{file}": {
    path: ({ file }) => `/api/v1/uploads/${file}`,
    statuses: forOneself,
  },

  "POST /api/v1/prepare": {
    path: at("/api/v1/prepare"),
    body: prepare,
    statuses: forEditors(),
  },
  // Each item is answered as it alone would be, within a 200.
  "POST /api/v1/prepare/batch": {
    path: at("/api/v1/prepare/batch"),
    body: (targets) => ({ items: [prepare(targets)] }),
    statuses: writing(200),
  },
  "GET /api/assets/{id}": { path: asset(), statuses: forViewers },
  "DELETE /api/assets/{id}": { path: asset(), statuses: forEditors() },
  "GET /api/projects/{id}/assets": { path: project("/assets"), statuses: forViewers },
  "DELETE /api/projects/{id}/assets": {
    path: project("/assets?src=https%3A%2F%2Facme.com%2Fa.png"),
    statuses: forEditors(),
  },
  "GET /api/assets/{id}/history": { path: asset("/history"), statuses: forViewers },
  "GET /api/assets/{id}/timeline": { path: asset("/timeline"), statuses: forViewers },
  "GET /api/assets/{id}/events": { path: asset("/events"), statuses: forViewers },
  "GET /api/projects/{id}/activity": { path: project("/activity"), statuses: forViewers },
  "POST /api/assets/{id}/regenerate": {
    path: asset("/regenerate"),
    body: changes,
    statuses: forEditors(),
  },
  "POST /api/v1/regenerate/{id}": {
    path: ({ ready }) => `/api/v1/regenerate/${ready}`,
    body: changes,
    statuses: forEditors(),
  },
  "POST /api/assets/{id}/cancel": {
    path: ({ pending }) => `/api/assets/${pending}/cancel`,
    statuses: forEditors(),
  },
  "POST /api/assets/{id}/generations/{generationId}/activate": {
    path: ({ ready, generation }) => `/api/assets/${ready}/generations/${generation}/activate`,
    statuses: forEditors(),
  },

  "POST /api/user/signup": {
    path: at("/api/user/signup"),
    body: account,
    statuses: anybody(201),
  },
  "POST /api/user/setup": {
    path: at("/api/user/setup"),
    body: () => ({ ...account(), token: "mst_wrong" }),
    statuses: anybody(403),
  },
  "POST /api/user/signin": {
    path: at("/api/user/signin"),
    body: () => ({ email: "nobody@example.com", password: "wrong" }),
    statuses: anybody(401),
  },
  "POST /api/user/signout": { path: at("/api/user/signout"), statuses: anybody(200) },
  "GET /api/user/oauth/{provider}": {
    path: at("/api/user/oauth/github"),
    statuses: anybody(404),
  },
  "GET /api/user/oauth/callback/{provider}": {
    path: at("/api/user/oauth/callback/github"),
    statuses: anybody(404),
  },
  "GET /api/user/session": { path: at("/api/user/session"), statuses: anybody(200) },
  "GET /api/user/me": { path: at("/api/user/me"), statuses: signedIn(200) },
  "GET /api/keys": { path: at("/api/keys"), statuses: signedIn(200) },
  "POST /api/keys": {
    path: at("/api/keys"),
    body: () => ({ name: "made" }),
    statuses: writing(201),
  },
  "DELETE /api/keys/{id}": { path: ({ apiKey }) => `/api/keys/${apiKey}`, statuses: forOneself },

  "GET /api/admin/users": { path: at("/api/admin/users"), statuses: forAdmins },
  "PATCH /api/admin/users/{id}": {
    path: ({ guest }) => `/api/admin/users/${guest}`,
    body: () => ({ plan: "pro" }),
    statuses: forAdmins,
  },
  "GET /api/admin/invites": { path: at("/api/admin/invites"), statuses: forAdmins },
  "POST /api/admin/invites": {
    path: at("/api/admin/invites"),
    body: changes,
    statuses: inviting,
  },
  "DELETE /api/admin/invites/{id}": {
    path: ({ invite }) => `/api/admin/invites/${invite}`,
    statuses: forAdmins,
  },

  "POST /api/projects": {
    path: at("/api/projects"),
    body: () => ({ name: "New" }),
    statuses: writing(201),
  },
  "GET /api/projects": { path: at("/api/projects"), statuses: signedIn(200) },
  "GET /api/projects/{id}": { path: project(), statuses: forViewers },
  "PATCH /api/projects/{id}": {
    path: project(),
    body: () => ({ name: "Renamed" }),
    statuses: forEditors(),
  },
  "DELETE /api/projects/{id}": { path: project(), statuses: forOwner },
  "GET /api/projects/{id}/proxy-config": { path: project("/proxy-config"), statuses: forViewers },
  "PUT /api/projects/{id}/proxy-config": {
    path: project("/proxy-config"),
    body: () => ({ default_motion: "subtle" }),
    statuses: forEditors(),
  },
  "POST /api/projects/{id}/keys/rotate": {
    path: project("/keys/rotate?which=proxy"),
    statuses: forOwner,
  },
  "GET /api/projects/{id}/members": { path: project("/members"), statuses: forViewers },
  "PUT /api/projects/{id}/members": {
    path: project("/members"),
    body: ({ guest }) => ({ user_id: guest, role: "editor" }),
    statuses: forOwner,
  },
  "PUT /api/projects/{id}/members/{userId}": {
    path: (targets) => `/api/projects/${targets.project}/members/${targets.guest}`,
    body: () => ({ role: "editor" }),
    statuses: forOwner,
  },
  "DELETE /api/projects/{id}/members/{userId}": {
    path: (targets) => `/api/projects/${targets.project}/members/${targets.guest}`,
    statuses: forOwner,
  },
  "GET /api/projects/{id}/brand": { path: project("/brand"), statuses: forViewers },
  "PUT /api/projects/{id}/brand": {
    path: project("/brand"),
    body: () => ({ brandName: "Acme" }),
    statuses: forEditors(),
  },
  "POST /api/projects/{id}/deep-crawl": {
    path: project("/deep-crawl"),
    body: () => ({ url: "https://acme.com" }),
    statuses: forEditors(202),
  },

  "GET /api/projects/{id}/webhooks": { path: project("/webhooks"), statuses: forViewers },
  "PUT /api/projects/{id}/webhooks": {
    path: project("/webhooks"),
    body: () => ({ webhook_events: ["asset.completed"] }),
    statuses: forEditors(),
  },
  "POST /api/projects/{id}/webhooks/rotate-secret": {
    path: project("/webhooks/rotate-secret"),
    statuses: forOwner,
  },
  "POST /api/projects/{id}/webhooks/test": {
    path: project("/webhooks/test"),
    statuses: forEditors(),
  },
  "GET /api/projects/{id}/webhooks/deliveries": {
    path: project("/webhooks/deliveries"),
    statuses: forViewers,
  },
  "GET /api/projects/{id}/webhooks/deliveries/{deliveryId}": {
    path: (targets) => `/api/projects/${targets.project}/webhooks/deliveries/${targets.delivery}`,
    statuses: forViewers,
  },
  "POST /api/projects/{id}/webhooks/deliveries/{deliveryId}/redeliver": {
    path: ({ project: id, delivery }) =>
      `/api/projects/${id}/webhooks/deliveries/${delivery}/redeliver`,
    statuses: forEditors(),
  },
};
