/** Starts a job in place of the one that runs: it is aborted, and nothing more is heard of it. */
export type RunJob = (job: Job) => Promise<void>;

export interface Job {
  readonly work: (signal: AbortSignal) => Promise<void>;
  readonly onFailure: (thrown: unknown) => void;
  /** Called last, after success and failure alike, unless another job took the place. */
  readonly onEnd: () => void;
}

export function createJobRunner(): RunJob {
  let running = new AbortController();
  return async ({ work, onFailure, onEnd }) => {
    running.abort();
    const own = new AbortController();
    running = own;
    try {
      await work(own.signal);
    } catch (thrown) {
      if (!own.signal.aborted) onFailure(thrown);
    }
    if (!own.signal.aborted) onEnd();
  };
}
