import { test } from "bun:test";
import { type StatementId, statements } from "./statements.ts";

const timeoutMs = 60_000;

/** A step of the walk: the test that checks a statement is named by it. */
export function check(id: StatementId, run: () => void | Promise<void>): void {
  test(`[${id}] ${statements[id].says}`, async () => run(), timeoutMs);
}

/** The same scene for all the steps that look at it; it is played when the first one does. */
export function once<T>(play: () => Promise<T>): () => Promise<T> {
  let played: Promise<T> | undefined;
  return () => {
    played ??= play();
    return played;
  };
}
