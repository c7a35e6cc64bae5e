declare const RELEASE_BUILD: boolean | undefined;

/**
 * The places where a test may kill the process, in the order a generation passes them. A crash is
 * only tested honestly by SIGKILL: no handler, no `finally`, no flush.
 */
export const failpoints = [
  "before_ensure_commit",
  "after_ensure_commit",
  "after_source_fetched",
  "after_source_stored",
  "after_vision",
  "during_render",
  "after_stage_rendered",
  "after_stage_stored",
  "after_seam_measured",
  "after_merge_stored",
  "during_storage_write",
  "before_rename",
  "after_rename",
  "before_ready_commit",
  "after_step_committed",
  "after_fan_out",
  "after_webhook_sent",
  "before_rendition_stored",
  "after_rendition_stored",
  "during_migration",
  "during_checkpoint",
] as const;

export type Failpoint = (typeof failpoints)[number];

/**
 * Kills the process when `FAILPOINT` names this place (`name`, or `name:3` for its third passing).
 * The release build folds the call away.
 */
export function failpoint(name: Failpoint): void {
  if (typeof RELEASE_BUILD !== "undefined" && RELEASE_BUILD) return;
  const wanted = process.env["FAILPOINT"];
  if (wanted === undefined || wanted.split(":")[0] !== name) return;
  passed.set(name, (passed.get(name) ?? 0) + 1);
  if (passed.get(name) === Number(wanted.split(":")[1] ?? 1)) process.kill(process.pid, "SIGKILL");
}

const passed = new Map<string, number>();
