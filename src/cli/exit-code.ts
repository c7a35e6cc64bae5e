import { type ErrorCode, toAppError } from "../errors.ts";

/** What the program ends with, and nothing else. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  unhealthy: 3,
  invalidConfig: 4,
  assetFailed: 5,
  timedOut: 6,
  /** As shells count it: 128 and SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of whatever a command threw. */
export function exitCodeOf(thrown: unknown): ExitCode {
  return exitCodes[byErrorCode[toAppError(thrown).code] ?? "failure"];
}

const byErrorCode: { readonly [C in ErrorCode]?: keyof typeof exitCodes } = {
  invalid_request: "usage",
  malformed_url: "usage",
  invalid_config: "invalidConfig",
  cancelled: "interrupted",
  vision_blocked: "assetFailed",
  source_unfetchable: "assetFailed",
  source_too_large: "assetFailed",
  source_unsupported: "assetFailed",
  i2v_failed: "assetFailed",
  merge_failed: "assetFailed",
  vision_timeout: "timedOut",
  i2v_timeout: "timedOut",
};
