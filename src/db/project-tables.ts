import type { Flag, Json, Millis } from "./columns.ts";

export interface ProjectsTable {
  id: string;
  owner_id: string;
  name: string;
  website_url: string | null;
  proxy_key: string;
  /** `string[]` of origins. */
  allowed_origins: Json;
  enable_signing: Flag;
  /** Secrets are sealed with the server's own secret; never stored in the clear. */
  signing_secret: string | null;
  previous_signing_secret: string | null;
  previous_signing_secret_until: Millis | null;
  default_motion: string;
  default_mode: string;
  default_dur_seconds: number;
  pending_mode: string;
  overage_enabled: Flag;
  /** The brand context, or null. */
  brand: Json | null;
  /** The last `Crawl` for the brand, or null. */
  crawl: Json | null;
  webhook_url: string | null;
  /** `string[]` of subscribed types. */
  webhook_events: Json;
  webhooks_enabled: Flag;
  webhook_secret: string | null;
  previous_webhook_secret: string | null;
  previous_webhook_secret_until: Millis | null;
  generations_per_day_max: number | null;
  generations_per_month_max: number | null;
  /** The newest event id of the project: its row lock orders the log. */
  last_event_id: number;
  created_at: Millis;
  updated_at: Millis;
  deleted_at: Millis | null;
}

export interface ProjectMembersTable {
  project_id: string;
  user_id: string;
  role: string;
  created_at: Millis;
}
