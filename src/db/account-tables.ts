import type { Generated } from "kysely";
import type { Json, Millis } from "./columns.ts";

export interface UsersTable {
  id: string;
  email: string;
  name: string;
  email_verified: unknown;
  image: string | null;
  plan: string;
  role: string;
  created_at: unknown;
  updated_at: unknown;
  /** When the user was shut out. */
  disabled_at: Generated<Millis | null>;
}

export interface AuthSessionsTable {
  id: string;
  user_id: string;
  token: string;
  expires_at: unknown;
  ip_address: string | null;
  user_agent: string | null;
  created_at: unknown;
  updated_at: unknown;
}

export interface AuthAccountsTable {
  id: string;
  user_id: string;
  account_id: string;
  provider_id: string;
  access_token: string | null;
  refresh_token: string | null;
  id_token: string | null;
  access_token_expires_at: unknown;
  refresh_token_expires_at: unknown;
  scope: string | null;
  password: string | null;
  created_at: unknown;
  updated_at: unknown;
}

export interface AuthVerificationsTable {
  id: string;
  identifier: string;
  value: string;
  expires_at: unknown;
  created_at: unknown;
  updated_at: unknown;
}

export interface ApiKeysTable {
  id: string;
  user_id: string;
  name: string;
  /** SHA-256 of the key, hex; the key itself is shown once and kept nowhere. */
  hash: string;
  preview: string;
  scopes: Json;
  created_at: Millis;
  expires_at: Millis | null;
  last_used_at: Millis | null;
  revoked_at: Millis | null;
  /** The key that it was made with, and ends with; null for one made in a session. */
  made_with: string | null;
}

export interface InvitesTable {
  id: string;
  token_hash: string;
  email: string | null;
  created_by: string;
  created_at: Millis;
  expires_at: Millis;
  used_at: Millis | null;
}
