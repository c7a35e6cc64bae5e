// Made from the server's OpenAPI document by `npm run types`; do not edit.

export type Upload = {
  readonly file: string;
  readonly key: string;
  readonly url: string;
  readonly content_type: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly created_at: number;
};

export type PrepareRequest = {
  readonly project_id: string;
  readonly src: string;
  readonly motion?: "subtle" | "medium" | "kinetic";
  readonly mode?: "loop" | "animate-in" | "animate-on-hover";
  readonly dur_seconds?: number;
  readonly prompt_override?: string;
  readonly seed?: number;
  readonly aspect?: "1:1" | "16:9" | "9:16" | "preserve";
  readonly idem?: string;
};

export type Prepared = {
  readonly asset_id: string;
  readonly status: "pending" | "ready" | "failed";
  readonly eta_seconds?: number;
  readonly mp4_url?: string;
  readonly poster_url?: string;
  readonly estimate?: {
    readonly exists: boolean;
    readonly generations: number;
    readonly cost_usd: number;
  };
};

export type Asset = {
  readonly id: string;
  readonly project_id: string;
  readonly src_url: string;
  readonly status: "pending" | "ready" | "failed";
  readonly mp4_url: string | null;
  readonly poster_url: string | null;
  readonly duration_ms: number | null;
  readonly bytes: number | null;
  readonly vision_prompt: string | null;
  readonly model: string | null;
  readonly loop_mode: "native" | "crossfade" | null;
  readonly created_at: number;
  readonly ready_at: number | null;
  readonly error: string | null;
  readonly motion: string;
  readonly mode: string;
  readonly dur_seconds: number;
  readonly aspect: string;
  readonly seed: number | null;
  readonly prompt: string | null;
  readonly idem: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly seam: {
    readonly sr: number;
    readonly ar: number;
    readonly delta: number;
    readonly luma_step: number;
  } | null;
  readonly thumbhash: string | null;
  readonly sight: Readonly<Record<string, unknown>> | null;
  readonly generation_count: number;
  readonly current_generation_id: string | null;
};

export type Generation = {
  readonly id: string;
  readonly attempt_no: number;
  readonly status: "pending" | "ready" | "failed";
  readonly model: string | null;
  readonly motion: string;
  readonly mode: string;
  readonly dur_seconds: number;
  readonly aspect: string;
  readonly seed: number;
  readonly prompt_override: string | null;
  readonly vision_prompt: string | null;
  readonly loop_mode: "native" | "crossfade" | null;
  readonly loop_method: string | null;
  readonly bytes: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly created_at: number;
  readonly ready_at: number | null;
  readonly error_code: string | null;
  readonly error_msg: string | null;
  readonly request_id: string;
  readonly seam: {
    readonly sr: number;
    readonly ar: number;
    readonly delta: number;
    readonly luma_step: number;
  } | null;
  readonly thumbhash: string | null;
  readonly sight: Readonly<Record<string, unknown>> | null;
  readonly cost_usd: number;
  readonly is_current: boolean;
  readonly mp4_url: string | null;
};

export type AssetEvent = {
  readonly id: number;
  readonly event_id: string;
  readonly event:
    | "queued"
    | "vision_started"
    | "vision_completed"
    | "vision_failed"
    | "stage_started"
    | "stage_completed"
    | "stage_failed"
    | "retry_scheduled"
    | "r2_write_completed"
    | "webhook_dispatched"
    | "webhook_delivered"
    | "webhook_failed"
    | "webhook_dead_letter"
    | "ready"
    | "failed"
    | "cancelled";
  readonly generation_id: string | null;
  readonly ts: number;
  readonly asset_id: string;
  readonly attempt: number;
  readonly request_id: string;
  readonly stage?: string;
  readonly latency_ms?: number;
  readonly error_code?: string;
  readonly error_msg?: string;
  readonly delay_ms?: number;
  readonly delivery_id?: string;
  readonly event_type?: string;
};

export type User = { readonly id: string; readonly email: string; readonly name: string };

export type ApiKey = {
  readonly id: string;
  readonly name: string;
  readonly preview: string;
  readonly scopes: readonly ("read" | "write")[];
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly last_used_at: number | null;
};

export type NewApiKey = {
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly preview: string;
  readonly scopes: readonly ("read" | "write")[];
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly last_used_at: number | null;
};

export type UserAccount = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: "user" | "admin";
  readonly plan: string;
  readonly disabled: boolean;
  readonly created_at: number;
};

export type Invite = {
  readonly id: string;
  readonly email: string | null;
  readonly created_at: number;
  readonly expires_at: number;
  readonly used_at: number | null;
};

export type NewInvite = {
  readonly token: string;
  readonly id: string;
  readonly email: string | null;
  readonly created_at: number;
  readonly expires_at: number;
  readonly used_at: number | null;
};

export type BrandColors = {
  readonly primary?: string;
  readonly secondary?: string;
  readonly accent?: string;
  readonly background?: string;
  readonly foreground?: string;
};

export type BrandFonts = { readonly heading?: string; readonly body?: string };

export type ContentInventory = {
  readonly tagline?: string;
  readonly description?: string;
  readonly features?: readonly {
    readonly description: string;
    readonly icon?: string;
    readonly title: string;
  }[];
  readonly pricing?: readonly {
    readonly tier: string;
    readonly price: string;
    readonly features: readonly string[];
  }[];
  readonly testimonials?: readonly {
    readonly quote: string;
    readonly author: string;
    readonly role?: string;
  }[];
  readonly stats?: readonly { readonly label: string; readonly value: string }[];
  readonly announcements?: readonly {
    readonly date?: string;
    readonly body: string;
    readonly title: string;
  }[];
  readonly codeExamples?: readonly {
    readonly language: string;
    readonly code: string;
    readonly label?: string;
  }[];
};

export type MessagingContext = {
  readonly tone?: string;
  readonly targetAudience?: string;
  readonly valueProps?: readonly string[];
  readonly ctas?: readonly string[];
};

export type DesignContext = {
  readonly vibe?: string;
  readonly borderRadius?: "sharp" | "rounded" | "pill";
  readonly backgroundPattern?: "dot-grid" | "line-grid" | "gradient-only" | "solid";
  readonly hasGlassmorphism?: boolean;
  readonly hasGradientBorders?: boolean;
  readonly hasRadialGlows?: boolean;
  readonly monoFont?: string;
  readonly sectionLabelStyle?: string;
  readonly colorScheme?: "dark" | "light";
};

export type Brand = {
  readonly brandName?: string;
  readonly colors?: BrandColors;
  readonly fonts?: BrandFonts;
  readonly logoUrl?: string;
  readonly contentInventory?: ContentInventory;
  readonly messagingContext?: MessagingContext;
  readonly designContext?: DesignContext;
};

export type Project = {
  readonly id: string;
  readonly name: string;
  readonly website_url: string | null;
  readonly role: "viewer" | "editor" | "owner";
  readonly proxy_key: string;
  readonly allowed_origins: readonly string[];
  readonly enable_signing: boolean;
  readonly default_motion: "subtle" | "medium" | "kinetic";
  readonly default_mode: "loop" | "animate-in" | "animate-on-hover";
  readonly default_dur_seconds: number;
  readonly pending_mode: "json" | "poster" | "preview";
  readonly overage_enabled: boolean;
  readonly generations_per_day_max: number | null;
  readonly generations_per_month_max: number | null;
  readonly webhook_url: string | null;
  readonly webhook_events: readonly string[];
  readonly webhooks_enabled: boolean;
  readonly created_at: number;
  readonly updated_at: number;
  readonly brand: Brand | null;
};

export type ProjectSummary = {
  readonly id: string;
  readonly name: string;
  readonly website_url: string | null;
  readonly role: "viewer" | "editor" | "owner";
  readonly proxy_key: string;
  readonly allowed_origins: readonly string[];
  readonly enable_signing: boolean;
  readonly default_motion: "subtle" | "medium" | "kinetic";
  readonly default_mode: "loop" | "animate-in" | "animate-on-hover";
  readonly default_dur_seconds: number;
  readonly pending_mode: "json" | "poster" | "preview";
  readonly overage_enabled: boolean;
  readonly generations_per_day_max: number | null;
  readonly generations_per_month_max: number | null;
  readonly webhook_url: string | null;
  readonly webhook_events: readonly string[];
  readonly webhooks_enabled: boolean;
  readonly created_at: number;
  readonly updated_at: number;
};

export type ProxyConfig = {
  readonly proxy_key: string;
  readonly allowed_origins: readonly string[];
  readonly enable_signing: boolean;
  readonly default_motion: "subtle" | "medium" | "kinetic";
  readonly default_mode: "loop" | "animate-in" | "animate-on-hover";
  readonly default_dur_seconds: number;
  readonly pending_mode: "json" | "poster" | "preview";
  readonly signing_secret_preview: string | null;
  readonly previous_signing_secret_until: number | null;
  readonly signing_secret?: string;
};

export type Member = {
  readonly user_id: string;
  readonly email: string;
  readonly name: string;
  readonly role: "viewer" | "editor" | "owner";
  readonly created_at: number;
};

export type Webhooks = {
  readonly webhook_url: string | null;
  readonly webhook_events: readonly (
    | "asset.queued"
    | "asset.stage_completed"
    | "asset.completed"
    | "asset.failed"
    | "asset.retry_scheduled"
  )[];
  readonly webhooks_enabled: boolean;
  readonly webhook_secret_preview: string | null;
  readonly previous_webhook_secret_until: number | null;
  readonly webhook_secret?: string;
};

export type WebhookTest = {
  readonly delivery_id: string;
  readonly event_id: string;
  readonly status: "pending" | "delivered" | "failed" | "dead";
  readonly response_code: number | null;
  readonly error: string | null;
};

export type DeliverySummary = {
  readonly id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly asset_id: string | null;
  readonly url: string;
  readonly attempt: number;
  readonly attempts_max: number;
  readonly status: "pending" | "delivered" | "failed" | "dead";
  readonly response_code: number | null;
  readonly error: string | null;
  readonly next_attempt_ts: number | null;
  readonly created_at: number;
  readonly delivered_at: number | null;
};

export type Delivery = {
  readonly id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly asset_id: string | null;
  readonly url: string;
  readonly attempt: number;
  readonly attempts_max: number;
  readonly status: "pending" | "delivered" | "failed" | "dead";
  readonly response_code: number | null;
  readonly error: string | null;
  readonly next_attempt_ts: number | null;
  readonly created_at: number;
  readonly delivered_at: number | null;
  readonly response_body_preview: string | null;
  readonly payload_json: string | null;
};

export interface paths {
  readonly "/api/admin/invites": {
    readonly get: {
      readonly parameters: {
        readonly path?: undefined;
        readonly query?: { readonly limit?: number; readonly cursor?: string };
      };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly invites: readonly Invite[];
              readonly next_cursor: string | null;
            };
          };
        };
      };
    };
    readonly post: {
      readonly parameters: { readonly path?: undefined; readonly query?: undefined };
      readonly requestBody: {
        readonly content: {
          readonly "application/json": { readonly email?: string; readonly valid_days?: number };
        };
      };
      readonly responses: {
        readonly 201: { readonly content: { readonly "application/json": NewInvite } };
      };
    };
  };
  readonly "/api/admin/invites/{id}": {
    readonly delete: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly responses: {
        readonly 200: { readonly content: { readonly "application/json": { readonly ok: true } } };
      };
    };
  };
  readonly "/api/admin/users": {
    readonly get: {
      readonly parameters: {
        readonly path?: undefined;
        readonly query?: { readonly cursor?: string; readonly limit?: number };
      };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly users: readonly UserAccount[];
              readonly next_cursor: string | null;
            };
          };
        };
      };
    };
  };
  readonly "/api/admin/users/{id}": {
    readonly patch: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly requestBody: {
        readonly content: {
          readonly "application/json": {
            readonly plan?: "free" | "pro" | "team" | "unlimited";
            readonly disabled?: boolean;
          };
        };
      };
      readonly responses: {
        readonly 200: {
          readonly content: { readonly "application/json": { readonly user: UserAccount } };
        };
      };
    };
  };
  readonly "/api/assets/{id}": {
    readonly get: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly asset: Asset;
              readonly generations: readonly Generation[];
            };
          };
        };
      };
    };
    readonly delete: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly responses: {
        readonly 200: { readonly content: { readonly "application/json": { readonly ok: true } } };
      };
    };
  };
  readonly "/api/assets/{id}/cancel": {
    readonly post: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly asset_id: string;
              readonly status: "pending" | "ready" | "failed";
            };
          };
        };
      };
    };
  };
  readonly "/api/assets/{id}/events": {
    readonly get: {
      readonly parameters: {
        readonly path: { readonly id: string };
        readonly query?: { readonly last_event_id?: string };
      };
      readonly responses: { readonly 200: unknown; readonly 204: unknown };
    };
  };
  readonly "/api/assets/{id}/generations/{generationId}/activate": {
    readonly post: {
      readonly parameters: {
        readonly path: { readonly id: string; readonly generationId: string };
        readonly query?: undefined;
      };
      readonly responses: {
        readonly 200: {
          readonly content: { readonly "application/json": { readonly asset: Asset } };
        };
      };
    };
  };
  readonly "/api/assets/{id}/history": {
    readonly get: {
      readonly parameters: {
        readonly path: { readonly id: string };
        readonly query?: { readonly after?: number; readonly limit?: number };
      };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly events: readonly AssetEvent[];
              readonly next_after: number | null;
            };
          };
        };
      };
    };
  };
  readonly "/api/assets/{id}/regenerate": {
    readonly post: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly requestBody: {
        readonly content: {
          readonly "application/json": {
            readonly motion?: "subtle" | "medium" | "kinetic";
            readonly mode?: "loop" | "animate-in" | "animate-on-hover";
            readonly dur_seconds?: number;
            readonly prompt_override?: string;
            readonly seed?: number;
          };
        };
      };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly asset_id: string;
              readonly status: "pending" | "ready" | "failed";
            };
          };
        };
      };
    };
  };
  readonly "/api/assets/{id}/timeline": {
    readonly get: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly generations: readonly {
                readonly generation_id: string;
                readonly attempt_no: number;
                readonly status: "pending" | "ready" | "failed";
                readonly queued_at: number;
                readonly ended_at: number | null;
                readonly total_ms: number | null;
                readonly stages: readonly {
                  readonly stage: string;
                  readonly started_at: number;
                  readonly ended_at: number | null;
                  readonly duration_ms: number | null;
                  readonly attempts: number;
                  readonly status: "running" | "completed" | "failed" | "cancelled";
                }[];
              }[];
            };
          };
        };
      };
    };
  };
  readonly "/api/demo": {
    readonly get: {
      readonly parameters: { readonly path?: undefined; readonly query?: undefined };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly project_key: string;
              readonly samples: readonly {
                readonly src: string;
                readonly mp4_url: string;
                readonly poster_url: string;
                readonly title: string;
              }[];
            };
          };
        };
      };
    };
  };
  readonly "/api/keys": {
    readonly get: {
      readonly parameters: { readonly path?: undefined; readonly query?: undefined };
      readonly responses: {
        readonly 200: {
          readonly content: { readonly "application/json": { readonly keys: readonly ApiKey[] } };
        };
      };
    };
    readonly post: {
      readonly parameters: { readonly path?: undefined; readonly query?: undefined };
      readonly requestBody: {
        readonly content: {
          readonly "application/json": {
            readonly name: string;
            readonly scopes?: readonly ("read" | "write")[];
            readonly expires_at?: number | null;
          };
        };
      };
      readonly responses: {
        readonly 201: { readonly content: { readonly "application/json": NewApiKey } };
      };
    };
  };
  readonly "/api/keys/{id}": {
    readonly delete: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly responses: {
        readonly 200: { readonly content: { readonly "application/json": { readonly ok: true } } };
      };
    };
  };
  readonly "/api/openapi.json": {
    readonly get: {
      readonly parameters: { readonly path?: undefined; readonly query?: undefined };
      readonly responses: {
        readonly 200: {
          readonly content: { readonly "application/json": Readonly<Record<string, unknown>> };
        };
        readonly 304: unknown;
      };
    };
  };
  readonly "/api/projects": {
    readonly post: {
      readonly parameters: { readonly path?: undefined; readonly query?: undefined };
      readonly requestBody: {
        readonly content: {
          readonly "application/json": { readonly name: string; readonly website_url?: string };
        };
      };
      readonly responses: {
        readonly 201: {
          readonly content: { readonly "application/json": { readonly project: Project } };
        };
      };
    };
    readonly get: {
      readonly parameters: {
        readonly path?: undefined;
        readonly query?: { readonly limit?: number; readonly cursor?: string };
      };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly projects: readonly ProjectSummary[];
              readonly next_cursor: string | null;
            };
          };
        };
      };
    };
  };
  readonly "/api/projects/{id}": {
    readonly get: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly responses: {
        readonly 200: {
          readonly content: { readonly "application/json": { readonly project: Project } };
        };
      };
    };
    readonly patch: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly requestBody: {
        readonly content: {
          readonly "application/json": {
            readonly name?: string;
            readonly website_url?: string | null;
            readonly overage_enabled?: boolean;
            readonly generations_per_day_max?: number | null;
            readonly generations_per_month_max?: number | null;
          };
        };
      };
      readonly responses: {
        readonly 200: {
          readonly content: { readonly "application/json": { readonly project: Project } };
        };
      };
    };
    readonly delete: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly responses: {
        readonly 200: { readonly content: { readonly "application/json": { readonly ok: true } } };
      };
    };
  };
  readonly "/api/projects/{id}/activity": {
    readonly get: {
      readonly parameters: {
        readonly path: { readonly id: string };
        readonly query?: { readonly last_event_id?: string };
      };
      readonly responses: { readonly 200: unknown; readonly 204: unknown };
    };
  };
  readonly "/api/projects/{id}/assets": {
    readonly get: {
      readonly parameters: {
        readonly path: { readonly id: string };
        readonly query?: {
          readonly status?: "pending" | "ready" | "failed";
          readonly mode?: "loop" | "animate-in" | "animate-on-hover";
          readonly from?: number;
          readonly to?: number;
          readonly limit?: number;
          readonly cursor?: string;
        };
      };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly assets: readonly Asset[];
              readonly next_cursor: string | null;
            };
          };
        };
      };
    };
    readonly delete: {
      readonly parameters: {
        readonly path: { readonly id: string };
        readonly query: { readonly src: string };
      };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly deleted: number;
              readonly asset_ids: readonly string[];
            };
          };
        };
      };
    };
  };
  readonly "/api/projects/{id}/brand": {
    readonly get: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly brand: Brand | null;
              readonly crawl: {
                readonly url: string;
                readonly status: "crawling" | "done" | "failed";
                readonly pages: number | null;
                readonly refined: boolean;
                readonly error: string | null;
                readonly detail: string | null;
                readonly started_at: number;
                readonly ended_at: number | null;
              } | null;
            };
          };
        };
      };
    };
    readonly put: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly requestBody: {
        readonly content: {
          readonly "application/json": {
            readonly brandName?: string | null;
            readonly colors?: BrandColors | null;
            readonly fonts?: BrandFonts | null;
            readonly logoUrl?: string | null;
            readonly contentInventory?: ContentInventory | null;
            readonly messagingContext?: MessagingContext | null;
            readonly designContext?: DesignContext | null;
          };
        };
      };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly brand: Brand | null;
              readonly crawl: {
                readonly url: string;
                readonly status: "crawling" | "done" | "failed";
                readonly pages: number | null;
                readonly refined: boolean;
                readonly error: string | null;
                readonly detail: string | null;
                readonly started_at: number;
                readonly ended_at: number | null;
              } | null;
            };
          };
        };
      };
    };
  };
  readonly "/api/projects/{id}/deep-crawl": {
    readonly post: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly requestBody: {
        readonly content: { readonly "application/json": { readonly url: string } };
      };
      readonly responses: {
        readonly 202: {
          readonly content: { readonly "application/json": { readonly status: "crawling" } };
        };
      };
    };
  };
  readonly "/api/projects/{id}/keys/rotate": {
    readonly post: {
      readonly parameters: {
        readonly path: { readonly id: string };
        readonly query: { readonly which: "proxy" | "signing"; readonly overlap_seconds?: number };
      };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json":
              | { readonly proxy_key: string }
              | { readonly signing_secret: string };
          };
        };
      };
    };
  };
  readonly "/api/projects/{id}/members": {
    readonly get: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": { readonly members: readonly Member[] };
          };
        };
      };
    };
    readonly put: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly requestBody: {
        readonly content: {
          readonly "application/json": {
            readonly email?: string;
            readonly user_id?: string;
            readonly role: "viewer" | "editor";
          };
        };
      };
      readonly responses: {
        readonly 200: {
          readonly content: { readonly "application/json": { readonly member: Member } };
        };
      };
    };
  };
  readonly "/api/projects/{id}/members/{userId}": {
    readonly put: {
      readonly parameters: {
        readonly path: { readonly id: string; readonly userId: string };
        readonly query?: undefined;
      };
      readonly requestBody: {
        readonly content: { readonly "application/json": { readonly role: "viewer" | "editor" } };
      };
      readonly responses: {
        readonly 200: {
          readonly content: { readonly "application/json": { readonly member: Member } };
        };
      };
    };
    readonly delete: {
      readonly parameters: {
        readonly path: { readonly id: string; readonly userId: string };
        readonly query?: undefined;
      };
      readonly responses: {
        readonly 200: { readonly content: { readonly "application/json": { readonly ok: true } } };
      };
    };
  };
  readonly "/api/projects/{id}/proxy-config": {
    readonly get: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly responses: {
        readonly 200: { readonly content: { readonly "application/json": ProxyConfig } };
      };
    };
    readonly put: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly requestBody: {
        readonly content: {
          readonly "application/json": {
            readonly allowed_origins?: readonly string[];
            readonly enable_signing?: boolean;
            readonly default_motion?: "subtle" | "medium" | "kinetic";
            readonly default_mode?: "loop" | "animate-in" | "animate-on-hover";
            readonly default_dur_seconds?: number;
            readonly pending_mode?: "json" | "poster" | "preview";
          };
        };
      };
      readonly responses: {
        readonly 200: { readonly content: { readonly "application/json": ProxyConfig } };
      };
    };
  };
  readonly "/api/projects/{id}/webhooks": {
    readonly get: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly responses: {
        readonly 200: { readonly content: { readonly "application/json": Webhooks } };
      };
    };
    readonly put: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly requestBody: {
        readonly content: {
          readonly "application/json": {
            readonly webhook_url?: string | null;
            readonly webhook_events?: readonly (
              | "asset.queued"
              | "asset.stage_completed"
              | "asset.completed"
              | "asset.failed"
              | "asset.retry_scheduled"
            )[];
            readonly webhooks_enabled?: boolean;
          };
        };
      };
      readonly responses: {
        readonly 200: { readonly content: { readonly "application/json": Webhooks } };
      };
    };
  };
  readonly "/api/projects/{id}/webhooks/deliveries": {
    readonly get: {
      readonly parameters: {
        readonly path: { readonly id: string };
        readonly query?: {
          readonly status?: "pending" | "delivered" | "failed" | "dead";
          readonly limit?: number;
          readonly cursor?: string;
        };
      };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly deliveries: readonly DeliverySummary[];
              readonly next_cursor: string | null;
            };
          };
        };
      };
    };
  };
  readonly "/api/projects/{id}/webhooks/deliveries/{deliveryId}": {
    readonly get: {
      readonly parameters: {
        readonly path: { readonly id: string; readonly deliveryId: string };
        readonly query?: undefined;
      };
      readonly responses: {
        readonly 200: { readonly content: { readonly "application/json": Delivery } };
      };
    };
  };
  readonly "/api/projects/{id}/webhooks/deliveries/{deliveryId}/redeliver": {
    readonly post: {
      readonly parameters: {
        readonly path: { readonly id: string; readonly deliveryId: string };
        readonly query?: undefined;
      };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly delivery_id: string;
              readonly status: "pending" | "delivered" | "failed" | "dead";
            };
          };
        };
      };
    };
  };
  readonly "/api/projects/{id}/webhooks/rotate-secret": {
    readonly post: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly responses: {
        readonly 200: {
          readonly content: { readonly "application/json": { readonly webhook_secret: string } };
        };
      };
    };
  };
  readonly "/api/projects/{id}/webhooks/test": {
    readonly post: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly responses: {
        readonly 200: { readonly content: { readonly "application/json": WebhookTest } };
      };
    };
  };
  readonly "/api/user/me": {
    readonly get: {
      readonly parameters: { readonly path?: undefined; readonly query?: undefined };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly id: string;
              readonly email: string;
              readonly name: string;
              readonly role: "user" | "admin";
              readonly plan: string;
              readonly aiGenerationsUsed: number;
              readonly aiGenerationsResetAt: string | null;
              readonly compositionCount: number;
              readonly themeCount: number;
              readonly createdAt: string | null;
            };
          };
        };
      };
    };
  };
  readonly "/api/user/oauth/callback/{provider}": {
    readonly get: {
      readonly parameters: {
        readonly path: { readonly provider: "google" | "github" | "oidc" };
        readonly query?: undefined;
      };
      readonly responses: { readonly 302: unknown };
    };
  };
  readonly "/api/user/oauth/{provider}": {
    readonly get: {
      readonly parameters: {
        readonly path: { readonly provider: "google" | "github" | "oidc" };
        readonly query?: { readonly invite?: string; readonly return_to?: string };
      };
      readonly responses: { readonly 302: unknown };
    };
  };
  readonly "/api/user/session": {
    readonly get: {
      readonly parameters: { readonly path?: undefined; readonly query?: undefined };
      readonly responses: {
        readonly 200: {
          readonly content: { readonly "application/json": { readonly user: User | null } };
        };
      };
    };
  };
  readonly "/api/user/setup": {
    readonly post: {
      readonly parameters: { readonly path?: undefined; readonly query?: undefined };
      readonly requestBody: {
        readonly content: {
          readonly "application/json": {
            readonly email: string;
            readonly name: string;
            readonly password: string;
            readonly token: string;
          };
        };
      };
      readonly responses: {
        readonly 201: {
          readonly content: { readonly "application/json": { readonly user: User } };
        };
      };
    };
  };
  readonly "/api/user/signin": {
    readonly post: {
      readonly parameters: { readonly path?: undefined; readonly query?: undefined };
      readonly requestBody: {
        readonly content: {
          readonly "application/json": { readonly email: string; readonly password: string };
        };
      };
      readonly responses: {
        readonly 200: {
          readonly content: { readonly "application/json": { readonly user: User } };
        };
      };
    };
  };
  readonly "/api/user/signout": {
    readonly post: {
      readonly parameters: { readonly path?: undefined; readonly query?: undefined };
      readonly responses: {
        readonly 200: { readonly content: { readonly "application/json": { readonly ok: true } } };
      };
    };
  };
  readonly "/api/user/signup": {
    readonly post: {
      readonly parameters: { readonly path?: undefined; readonly query?: undefined };
      readonly requestBody: {
        readonly content: {
          readonly "application/json": {
            readonly email: string;
            readonly name: string;
            readonly password: string;
            readonly invite?: string;
          };
        };
      };
      readonly responses: {
        readonly 201: {
          readonly content: { readonly "application/json": { readonly user: User } };
        };
      };
    };
  };
  readonly "/api/v1/prepare": {
    readonly post: {
      readonly parameters: {
        readonly path?: undefined;
        readonly query?: { readonly estimate?: "0" | "1" };
      };
      readonly requestBody: { readonly content: { readonly "application/json": PrepareRequest } };
      readonly responses: {
        readonly 200: { readonly content: { readonly "application/json": Prepared } };
      };
    };
  };
  readonly "/api/v1/prepare/batch": {
    readonly post: {
      readonly parameters: {
        readonly path?: undefined;
        readonly query?: { readonly estimate?: "0" | "1" };
      };
      readonly requestBody: {
        readonly content: {
          readonly "application/json": { readonly items: readonly PrepareRequest[] };
        };
      };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly results: readonly (
                | Prepared
                | { readonly error: string; readonly status_code: number }
              )[];
            };
          };
        };
      };
    };
  };
  readonly "/api/v1/regenerate/{id}": {
    readonly post: {
      readonly parameters: { readonly path: { readonly id: string }; readonly query?: undefined };
      readonly requestBody: {
        readonly content: {
          readonly "application/json": {
            readonly motion?: "subtle" | "medium" | "kinetic";
            readonly mode?: "loop" | "animate-in" | "animate-on-hover";
            readonly dur_seconds?: number;
            readonly prompt_override?: string;
            readonly seed?: number;
          };
        };
      };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly asset_id: string;
              readonly status: "pending" | "ready" | "failed";
            };
          };
        };
      };
    };
  };
  readonly "/api/v1/upload": {
    readonly post: {
      readonly parameters: { readonly path?: undefined; readonly query?: undefined };
      readonly requestBody: { readonly content: { readonly "multipart/form-data": FormData } };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": { readonly url: string; readonly key: string };
          };
        };
      };
    };
  };
  readonly "/api/v1/uploads": {
    readonly get: {
      readonly parameters: {
        readonly path?: undefined;
        readonly query?: { readonly limit?: number; readonly cursor?: string };
      };
      readonly responses: {
        readonly 200: {
          readonly content: {
            readonly "application/json": {
              readonly uploads: readonly Upload[];
              readonly next_cursor: string | null;
            };
          };
        };
      };
    };
  };
  readonly "/api/v1/uploads/{file}": {
    readonly delete: {
      readonly parameters: { readonly path: { readonly file: string }; readonly query?: undefined };
      readonly responses: {
        readonly 200: { readonly content: { readonly "application/json": { readonly ok: true } } };
      };
    };
  };
}
