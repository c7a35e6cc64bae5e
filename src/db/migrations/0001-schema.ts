import { type Kysely, sql } from "kysely";
import type { ColumnTypes } from "./column-types.ts";

/** The first schema, whole. A table's definition is followed by the indexes its readers need. */
export async function createSchema(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  for (const statement of [
    ...accounts(types),
    ...projects(types),
    ...work(types),
    ...rest(types),
  ]) {
    await sql.raw(statement).execute(db);
  }
}

/** The accounts library writes the first four: its column types, and no strictness. */
function accounts({ integer, date, boolean, strict }: ColumnTypes): readonly string[] {
  return [
    `create table users (
      id text primary key, email text not null unique, name text not null,
      email_verified ${boolean} not null, image text,
      plan text not null, role text not null,
      created_at ${date} not null, updated_at ${date} not null
    )`,
    `create table auth_sessions (
      id text primary key, user_id text not null references users (id) on delete cascade,
      token text not null unique, expires_at ${date} not null,
      ip_address text, user_agent text,
      created_at ${date} not null, updated_at ${date} not null
    )`,
    "create index auth_sessions_by_user on auth_sessions (user_id)",
    `create table auth_accounts (
      id text primary key, user_id text not null references users (id) on delete cascade,
      account_id text not null, provider_id text not null,
      access_token text, refresh_token text, id_token text,
      access_token_expires_at ${date}, refresh_token_expires_at ${date},
      scope text, password text,
      created_at ${date} not null, updated_at ${date} not null,
      unique (provider_id, account_id)
    )`,
    "create index auth_accounts_by_user on auth_accounts (user_id)",
    `create table auth_verifications (
      id text primary key, identifier text not null, value text not null,
      expires_at ${date} not null, created_at ${date} not null, updated_at ${date} not null
    )`,
    "create index auth_verifications_by_identifier on auth_verifications (identifier)",
    `create table api_keys (
      id text primary key, user_id text not null references users (id) on delete cascade,
      name text not null, hash text not null unique, preview text not null, scopes text not null,
      created_at ${integer} not null, expires_at ${integer},
      last_used_at ${integer}, revoked_at ${integer}
    )${strict}`,
    "create index api_keys_by_user on api_keys (user_id, created_at)",
    `create table invites (
      id text primary key, token_hash text not null unique, email text,
      created_by text not null references users (id) on delete cascade,
      created_at ${integer} not null, expires_at ${integer} not null, used_at ${integer}
    )${strict}`,
  ];
}

function projects({ integer, strict }: ColumnTypes): readonly string[] {
  return [
    `create table projects (
      id text primary key, owner_id text not null references users (id),
      name text not null, website_url text, proxy_key text not null unique,
      allowed_origins text not null,
      enable_signing ${integer} not null check (enable_signing in (0, 1)),
      signing_secret text,
      previous_signing_secret text, previous_signing_secret_until ${integer},
      default_motion text not null, default_mode text not null,
      default_dur_seconds ${integer} not null, pending_mode text not null,
      overage_enabled ${integer} not null check (overage_enabled in (0, 1)),
      brand text,
      webhook_url text, webhook_events text not null,
      webhooks_enabled ${integer} not null check (webhooks_enabled in (0, 1)),
      webhook_secret text,
      previous_webhook_secret text, previous_webhook_secret_until ${integer},
      generations_per_day_max ${integer}, generations_per_month_max ${integer},
      last_event_id ${integer} not null,
      created_at ${integer} not null, updated_at ${integer} not null, deleted_at ${integer}
    )${strict}`,
    "create index projects_by_owner on projects (owner_id, created_at)",
    `create table project_members (
      project_id text not null references projects (id) on delete cascade,
      user_id text not null references users (id) on delete cascade,
      role text not null, created_at ${integer} not null,
      primary key (project_id, user_id)
    )${strict}`,
    "create index project_members_by_user on project_members (user_id)",
    `create table uploads (
      key text primary key, user_id text not null references users (id) on delete cascade,
      file text not null, content_type text not null, bytes ${integer} not null,
      sha256 text not null, width ${integer} not null, height ${integer} not null,
      created_at ${integer} not null, deleted_at ${integer}
    )${strict}`,
    "create index uploads_by_user on uploads (user_id, created_at)",
    `create table usage (
      user_id text not null references users (id) on delete cascade, month text not null,
      used ${integer} not null check (used >= 0),
      overage ${integer} not null check (overage >= 0),
      primary key (user_id, month)
    )${strict}`,
    `create table spend (
      day text not null,
      project_id text not null references projects (id) on delete cascade,
      provider text not null, usd_micros ${integer} not null, generations ${integer} not null,
      primary key (day, project_id, provider)
    )${strict}`,
  ];
}

function work({ integer, real, strict }: ColumnTypes): readonly string[] {
  return [
    `create table assets (
      id text primary key, project_id text not null references projects (id) on delete cascade,
      src_url text not null, motion text not null, mode text not null,
      dur_seconds ${integer} not null, prompt text, seed ${integer}, aspect text not null,
      idem text,
      status text not null,
      current_generation_id text, newest_generation_id text,
      generation_count ${integer} not null,
      created_at ${integer} not null, updated_at ${integer} not null,
      ready_at ${integer}, deleted_at ${integer}
    )${strict}`,
    // Lists show a project's newest first, all of them or those of one status or mode.
    "create index assets_by_project on assets (project_id, created_at, id)",
    "create index assets_by_status on assets (project_id, status, created_at, id)",
    "create index assets_by_mode on assets (project_id, mode, created_at, id)",
    `create table generations (
      id text primary key, asset_id text not null references assets (id) on delete cascade,
      project_id text not null references projects (id) on delete cascade,
      number ${integer} not null, state text not null,
      motion text not null, mode text not null, dur_seconds ${integer} not null,
      prompt text, seed ${integer} not null, aspect text not null,
      provider text, model text, provider_reference text, vision_prompt text, plan text,
      source_key text, source_sha256 text, work_key text,
      loop_mode text, loop_method text, seam text,
      media_key text, media_sha256 text, bytes ${integer},
      width ${integer}, height ${integer}, fps ${real}, frames ${integer},
      poster_key text, poster_sha256 text, thumbhash text,
      cost_usd_micros ${integer} not null,
      charged ${integer} not null check (charged in (0, 1)),
      stage_attempts ${integer} not null, stage_started_at ${integer},
      error_code text, error_msg text, request_id text not null,
      created_at ${integer} not null, started_at ${integer},
      progressed_at ${integer} not null, ended_at ${integer},
      unique (asset_id, number)
    )${strict}`,
    // The sweeper looks for the longest silent of each working state; caps count a day or month.
    "create index generations_by_state on generations (state, progressed_at)",
    "create index generations_by_project on generations (project_id, created_at)",
    `create table provider_calls (
      id text primary key,
      generation_id text not null references generations (id) on delete cascade,
      stage text not null, attempt ${integer} not null,
      provider text not null, model text, external_id text, status text not null,
      cost_usd_micros ${integer} not null, response text,
      created_at ${integer} not null, updated_at ${integer} not null
    )${strict}`,
    "create index provider_calls_by_generation on provider_calls (generation_id, stage, attempt)",
    "create index provider_calls_by_external on provider_calls (provider, external_id)",
    `create table provider_webhooks (
      id text primary key, provider text not null, external_id text not null, body text not null,
      received_at ${integer} not null, processed_at ${integer}
    )${strict}`,
    "create index provider_webhooks_by_external on provider_webhooks (provider, external_id)",
    `create index provider_webhooks_open on provider_webhooks (received_at)
      where processed_at is null`,
  ];
}

function rest({ integer, strict }: ColumnTypes): readonly string[] {
  return [
    `create table events (
      project_id text not null references projects (id) on delete cascade,
      id ${integer} not null check (id > 0),
      event_id text not null unique,
      asset_id text references assets (id) on delete cascade, generation_id text,
      type text not null, payload text not null, created_at ${integer} not null,
      primary key (project_id, id)
    )${strict}`,
    "create index events_by_asset on events (asset_id, id)",
    `create table jobs (
      id text primary key, kind text not null, subject text not null, payload text not null,
      due_at ${integer} not null, worker text,
      claims ${integer} not null, fence ${integer} not null, created_at ${integer} not null
    )${strict}`,
    "create index jobs_by_due on jobs (kind, due_at, id)",
    // One job waits and one is held, at most, for each kind and subject.
    "create unique index jobs_waiting on jobs (kind, subject) where worker is null",
    "create unique index jobs_held on jobs (kind, subject) where worker is not null",
    `create table deliveries (
      id text primary key, project_id text not null references projects (id) on delete cascade,
      asset_id text references assets (id) on delete set null,
      event_id text not null, event_type text not null, url text not null, payload text not null,
      status text not null, attempt ${integer} not null, next_attempt_at ${integer},
      response_code ${integer}, response_body_preview text,
      created_at ${integer} not null, delivered_at ${integer}
    )${strict}`,
    "create index deliveries_by_project on deliveries (project_id, created_at, id)",
    "create index deliveries_by_asset on deliveries (asset_id, status)",
    "create index deliveries_by_event on deliveries (event_id)",
    "create index deliveries_by_due on deliveries (status, next_attempt_at)",
    `create table motion_sessions (
      id text primary key, user_id text not null references users (id) on delete cascade,
      project_id text not null references projects (id) on delete cascade,
      asset_id text references assets (id) on delete set null,
      status text not null, request text not null, error text,
      created_at ${integer} not null, updated_at ${integer} not null
    )${strict}`,
    "create index motion_sessions_by_user on motion_sessions (user_id, created_at)",
    "create index motion_sessions_by_asset on motion_sessions (asset_id)",
    `create table settings (
      key text primary key, value text not null, updated_at ${integer} not null
    )${strict}`,
  ];
}
