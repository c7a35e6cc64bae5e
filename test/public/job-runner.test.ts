import { expect, test } from "bun:test";
import { createJobRunner } from "../../public/job-runner.ts";

function recorded(log: string[], name: string) {
  return {
    onFailure: (thrown: unknown) => log.push(`${name}: ${(thrown as Error).message}`),
    onEnd: () => log.push(`${name} ended`),
  };
}

test("a job that fails says so, then ends", async () => {
  const log: string[] = [];
  const work = () => Promise.reject(new Error("no"));
  await createJobRunner()({ work, ...recorded(log, "first") });
  expect(log).toEqual(["first: no", "first ended"]);
});

test("a job whose place is taken is aborted and falls silent", async () => {
  const log: string[] = [];
  const run = createJobRunner();
  const first = run({
    work: (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
    ...recorded(log, "first"),
  });
  const second = run({ work: () => Promise.resolve(), ...recorded(log, "second") });
  await Promise.all([first, second]);
  expect(log).toEqual(["second ended"]);
});
