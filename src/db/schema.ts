import type { Generated, Selectable, Updateable } from "kysely";
import type {
  ApiKeysTable,
  AuthAccountsTable,
  AuthSessionsTable,
  AuthVerificationsTable,
  InvitesTable,
  UsersTable,
} from "./account-tables.ts";
import type { Flag, Json, Millis } from "./columns.ts";
import type { ProjectMembersTable, ProjectsTable } from "./project-tables.ts";
import type { RenditionsTable } from "./rendition-table.ts";

/**
 * The tables, as both engines share them: text ids, int8 milliseconds read as numbers, JSON as
 * text, 0 and 1 for booleans. Only the four tables of the accounts library keep the column types
 * that library writes, which differ by engine.
 */
export interface Schema {
  users: UsersTable;
  auth_sessions: AuthSessionsTable;
  auth_accounts: AuthAccountsTable;
  auth_verifications: AuthVerificationsTable;
  api_keys: ApiKeysTable;
  invites: InvitesTable;
  projects: ProjectsTable;
  project_members: ProjectMembersTable;
  assets: AssetsTable;
  generations: GenerationsTable;
  renditions: RenditionsTable;
  provider_calls: ProviderCallsTable;
  provider_webhooks: ProviderWebhooksTable;
  events: EventsTable;
  jobs: JobsTable;
  deliveries: DeliveriesTable;
  uploads: UploadsTable;
  usage: UsageTable;
  spend: SpendTable;
  motion_sessions: MotionSessionsTable;
  settings: SettingsTable;
}

export interface AssetsTable {
  id: string;
  project_id: string;
  src_url: string;
  motion: string;
  mode: string;
  dur_seconds: number;
  prompt: string | null;
  seed: number | null;
  aspect: string;
  idem: string | null;
  /** `pending`, `ready` or `failed`: derived from its generations by `transition`. */
  status: string;
  /** The generation being served, if any was ever ready. */
  current_generation_id: string | null;
  newest_generation_id: string | null;
  generation_count: number;
  created_at: Millis;
  updated_at: Millis;
  ready_at: Millis | null;
  deleted_at: Millis | null;
}

export interface GenerationsTable {
  id: string;
  asset_id: string;
  project_id: string;
  /** 1 for the first generation of the asset. */
  number: number;
  /** A state of the lifecycle table. */
  state: string;
  motion: string;
  mode: string;
  dur_seconds: number;
  prompt: string | null;
  seed: number;
  aspect: string;
  provider: string | null;
  model: string | null;
  /** The provider's id of work under way in this stage; stored before anything else is done. */
  provider_reference: string | null;
  vision_prompt: string | null;
  /** The `Plan` that steers the engine. */
  plan: Json | null;
  /** The `Sight`: what vision saw in the still; null of one it did not describe. */
  sight: Json | null;
  source_key: string | null;
  source_sha256: string | null;
  /** The clip between two stages, by storage key. */
  work_key: string | null;
  loop_mode: string | null;
  loop_method: string | null;
  /** `{sr, ar, delta, luma_step}`. */
  seam: Json | null;
  media_key: string | null;
  media_sha256: string | null;
  bytes: number | null;
  width: number | null;
  height: number | null;
  fps: number | null;
  frames: number | null;
  poster_key: string | null;
  poster_sha256: string | null;
  thumbhash: string | null;
  /** Millionths of a US dollar. */
  cost_usd_micros: number;
  /** 1 while the owner's quota counts this generation. */
  charged: Flag;
  /** Tries of the present stage that failed. */
  stage_attempts: number;
  stage_started_at: Millis | null;
  error_code: string | null;
  error_msg: string | null;
  request_id: string;
  created_at: Millis;
  started_at: Millis | null;
  /** The last sign of life, for `pipeline_stalled`. */
  progressed_at: Millis;
  ended_at: Millis | null;
  /** Set with its asset's: what made the clip is forgotten, its number is not given again. */
  deleted_at: Generated<Millis | null>;
}

export interface ProviderCallsTable {
  id: string;
  generation_id: string;
  stage: string;
  attempt: number;
  provider: string;
  model: string | null;
  /** The provider's own id, stored before anything else happens with it. */
  external_id: string | null;
  status: string;
  cost_usd_micros: number;
  response: Json | null;
  created_at: Millis;
  updated_at: Millis;
}

export interface ProviderWebhooksTable {
  /** The sender's message id, so that a repeat has one effect. */
  id: string;
  provider: string;
  external_id: string;
  body: Json;
  received_at: Millis;
  processed_at: Millis | null;
}

export interface EventsTable {
  project_id: string;
  /** Strictly increasing per project; close to Unix milliseconds. The SSE cursor. */
  id: number;
  /** `evt_` and a ULID: the webhook's message id. */
  event_id: string;
  asset_id: string | null;
  generation_id: string | null;
  type: string;
  payload: Json;
  created_at: Millis;
}

export interface JobsTable {
  id: string;
  kind: string;
  /** What the job is about (a generation, a delivery): one waiting job a kind and subject. */
  subject: string;
  payload: Json;
  /** When it may run; while it runs, when its lease ends. */
  due_at: Millis;
  /** The holder of the lease, or null while it waits. */
  worker: string | null;
  /** Raised by each claim, lowered by an orderly return: what is left over was lost to crashes. */
  claims: number;
  /** Distinguishes this claim from an earlier one of the same worker. */
  fence: number;
  created_at: Millis;
}

/** Messages to endpoints: waiting to be sent, sent, given up. */
export interface DeliveriesTable {
  id: string;
  project_id: string;
  asset_id: string | null;
  event_id: string;
  event_type: string;
  url: string;
  /** The body, byte for byte as it is signed and sent. */
  payload: Json;
  /** `pending`, `delivered`, `failed` (to be tried again) or `dead`. */
  status: string;
  /** Attempts that were made. */
  attempt: number;
  /** Null once no further attempt will be made. */
  next_attempt_at: Millis | null;
  response_code: number | null;
  response_body_preview: string | null;
  /** Why the last attempt failed, in words for the endpoint's owner. */
  error: string | null;
  created_at: Millis;
  delivered_at: Millis | null;
}

export interface UploadsTable {
  /** The storage key, `uploads/{user}/{file}`. */
  key: string;
  user_id: string;
  file: string;
  content_type: string;
  bytes: number;
  sha256: string;
  width: number;
  height: number;
  /** `writing` until its bytes are stored, then `stored`. */
  state: Generated<string>;
  created_at: Millis;
  deleted_at: Millis | null;
}

export interface UsageTable {
  user_id: string;
  /** Calendar month in UTC, `2026-11`. */
  month: string;
  used: number;
  overage: number;
}

export interface SpendTable {
  /** Calendar day in UTC, `2026-11-21`. */
  day: string;
  project_id: string;
  provider: string;
  usd_micros: number;
  generations: number;
}

export interface MotionSessionsTable {
  id: string;
  user_id: string;
  project_id: string;
  asset_id: string | null;
  status: string;
  request: Json;
  error: string | null;
  created_at: Millis;
  updated_at: Millis;
}

/** What the server itself remembers: the demo key, the set-up token's hash. */
export interface SettingsTable {
  key: string;
  value: Json;
  updated_at: Millis;
}

export type Project = Selectable<ProjectsTable>;
export type Asset = Selectable<AssetsTable>;
export type Generation = Selectable<GenerationsTable>;
export type GenerationChanges = Updateable<GenerationsTable>;
export type EventRow = Selectable<EventsTable>;
export type Job = Selectable<JobsTable>;
export type Delivery = Selectable<DeliveriesTable>;
export type Upload = Selectable<UploadsTable>;
