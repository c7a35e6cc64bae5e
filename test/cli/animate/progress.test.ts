import { describe, expect, test } from "bun:test";
import { createProgress } from "../../../src/cli/animate/progress.ts";

describe("progress", () => {
  test("is one plain line a quarter where nobody watches", () => {
    const { progress, written } = open(false);
    for (let frame = 1; frame <= 120; frame++) progress.show(frame, 120);
    progress.clear();
    expect(written).toEqual([
      "photo.jpg 25 % (30/120 frames)\n",
      "photo.jpg 50 % (60/120 frames)\n",
      "photo.jpg 75 % (90/120 frames)\n",
      "photo.jpg 100 % (120/120 frames)\n",
    ]);
  });

  test("is one line drawn anew on a terminal, with the time that is left", () => {
    const { progress, written, pass } = open(true);
    pass(1000);
    progress.show(30, 120);
    progress.clear();
    expect(written[0]).toBe(
      "\r\u001b[2Kphoto.jpg ████████░░░░░░░░░░░░░░░░░░░░░░░░ 25 %  30/120 frames  3 s left",
    );
    expect(written.at(-1)).toBe("\r\u001b[2K");
  });

  test("does not draw the same line twice, nor fail for no frames at all", () => {
    const { progress, written } = open(true);
    progress.show(0, 0);
    progress.show(0, 0);
    expect(written).toHaveLength(1);
  });
});

function open(isTTY: boolean) {
  const written: string[] = [];
  let now = 0;
  const stderr = { isTTY, write: (text: string) => written.push(text) };
  const progress = createProgress({ stderr, now: () => now }, "photo.jpg");
  return {
    progress,
    written,
    pass: (ms: number) => {
      now += ms;
    },
  };
}
