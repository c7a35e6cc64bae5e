/** How a statement of the public pages is checked. */
export type Check =
  /** By the step of this folder that bears its id. */
  | { readonly kind: "step" }
  /** This server differs on purpose: a step asserts our side, and the row says why. */
  | { readonly kind: "deviation"; readonly subject: string }
  /** It takes minutes, or a fault inside: the named test has a clock to move, or the fault. */
  | { readonly kind: "elsewhere"; readonly file: string; readonly test: string };

export interface Statement {
  /** What the page says, in our words. */
  readonly says: string;
  readonly check: Check;
}

/** Checked by a step. */
export function step(says: string): Statement {
  return { says, check: { kind: "step" } };
}

/** Checked by a step that asserts our side of a row of docs/deviations.md. */
export function ours(subject: string, says: string): Statement {
  return { says, check: { kind: "deviation", subject } };
}

/** Checked by a test of that name in that file under `test/`. */
export function elsewhere(file: string, test: string, says: string): Statement {
  return { says, check: { kind: "elsewhere", file, test } };
}
