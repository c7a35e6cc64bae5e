import type { Selectable } from "kysely";
import type { Millis } from "./columns.ts";

/** Another form of a generation's clip: wanted, made, or found impossible to make. */
export interface RenditionsTable {
  generation_id: string;
  asset_id: string;
  /** `av1`, `webp`, `avif` or `gif`. */
  format: string;
  /** `pending`, `ready` or `failed`. */
  state: string;
  /** Tries that failed. */
  attempts: number;
  media_key: string | null;
  media_sha256: string | null;
  bytes: number | null;
  content_type: string | null;
  width: number | null;
  height: number | null;
  error_code: string | null;
  error_msg: string | null;
  created_at: Millis;
  ready_at: Millis | null;
}

export type Rendition = Selectable<RenditionsTable>;
