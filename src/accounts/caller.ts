/** What an API key may do; a session may do both. */
export const scopes = ["read", "write"] as const;
export type Scope = (typeof scopes)[number];

/** Whoever makes a request, once they have proved it. */
export interface Caller {
  readonly userId: string;
  /** An administrator manages users; other people's projects stay their own. */
  readonly role: "user" | "admin";
  /** How they proved it. `demo` is the visitor of this machine, who has no account. */
  readonly via: "session" | "key" | "demo";
  readonly scopes: readonly Scope[];
  /** The key that proved it, where one did. */
  readonly key?: CallerKey;
}

export interface CallerKey {
  readonly id: string;
  /** Unix milliseconds, or undefined for a key without an end. */
  readonly endsAt: number | undefined;
}

/** A stored role. One no longer known gives no rights. */
export function roleOf(stored: string): Caller["role"] {
  return stored === "admin" ? "admin" : "user";
}
