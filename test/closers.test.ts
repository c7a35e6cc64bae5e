import { expect, test } from "bun:test";
import { createClosers } from "../src/closers.ts";
import { createRecordingLog } from "./support/recording-log.ts";

test("what was opened last is closed first, and one that fails keeps none open", async () => {
  const log = createRecordingLog();
  const closers = createClosers(log);
  const closed: string[] = [];
  closers.add(() => void closed.push("first"));
  closers.add(() => Promise.reject(new Error("stuck")));
  closers.add(async () => void closed.push("last"));
  await closers.closeAll();
  await closers.closeAll();
  expect(closed).toEqual(["last", "first"]);
  expect(log.lines.map(({ message }) => message)).toEqual(["close_failed"]);
});
