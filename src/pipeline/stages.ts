import type { WorkingState } from "../assets/lifecycle.ts";
import type { ErrorCode } from "../errors.ts";
import { mergeLoop } from "./merge.ts";
import { proveReturn } from "./prove.ts";
import { renderFirst, renderSingle } from "./render.ts";
import { fetchSource } from "./source.ts";
import type { Stage } from "./stage.ts";
import { describeSource } from "./vision.ts";
import { writeMedia } from "./write.ts";

interface StageRow<S extends WorkingState> {
  readonly run: Stage<S>;
  /** How long one attempt may take. */
  readonly timeoutMs: number;
  /** The error code of an attempt that took longer. */
  readonly timeoutCode: ErrorCode;
  /** The error code of a failure that has none of its own. */
  readonly failureCode: ErrorCode;
}

/** The pipeline: one row a working state, so that a state without a stage does not compile. */
export const stages: { readonly [S in WorkingState]: StageRow<S> } = {
  source: {
    run: fetchSource,
    timeoutMs: 60_000,
    timeoutCode: "source_unfetchable",
    failureCode: "source_unfetchable",
  },
  vision: {
    run: describeSource,
    timeoutMs: 30_000,
    timeoutCode: "vision_timeout",
    failureCode: "vision_timeout",
  },
  stage1: {
    run: renderFirst,
    timeoutMs: 300_000,
    timeoutCode: "i2v_timeout",
    failureCode: "i2v_failed",
  },
  stage2: {
    run: proveReturn,
    timeoutMs: 300_000,
    timeoutCode: "i2v_timeout",
    failureCode: "i2v_failed",
  },
  merge: {
    run: mergeLoop,
    timeoutMs: 60_000,
    timeoutCode: "merge_failed",
    failureCode: "merge_failed",
  },
  single: {
    run: renderSingle,
    timeoutMs: 300_000,
    timeoutCode: "i2v_timeout",
    failureCode: "i2v_failed",
  },
  write: {
    run: writeMedia,
    timeoutMs: 60_000,
    timeoutCode: "r2_write_failed",
    failureCode: "r2_write_failed",
  },
};
