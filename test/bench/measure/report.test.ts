import { describe, expect, test } from "bun:test";
import {
  exitCodeOf,
  type Figure,
  isTooNoisy,
  judge,
  type Report,
  textOf,
} from "../../../bench/measure/report.ts";

const figure: Figure = {
  goal: "P1",
  name: "200 of 845 KB",
  unit: "req/s",
  anchor: { name: "nginx", value: 4_000 },
  ours: 4_400,
  target: { ratioMin: 1.1 },
};
const report: Report = { bench: "hot", figures: [figure], kept: 9, discarded: 1 };

describe("a report", () => {
  test.each([
    [{ ratioMin: 1.1 }, "pass"],
    [{ ratioMin: 1.2 }, "miss"],
    [{ ratioMax: 1.1 }, "pass"],
    [{ ratioMax: 1 }, "miss"],
    [{ valueMin: 4_400 }, "pass"],
    [{ valueMin: 4_401 }, "miss"],
    [{ valueMax: 4_400 }, "pass"],
    [{ valueMax: 4_399 }, "miss"],
    [undefined, "shown"],
  ] as const)("judges 4400 against 4000 with %j as %s", (target, verdict) => {
    expect(judge({ ...figure, target })).toBe(verdict);
  });

  test("prefers the ratio that was taken round by round", () => {
    expect(judge({ ...figure, ratio: 1.09 })).toBe("miss");
  });

  test("judges what could not be measured as missed", () => {
    expect(judge({ ...figure, ours: Number.NaN })).toBe("miss");
    expect(judge({ ...figure, anchor: undefined })).toBe("miss");
    expect(judge({ ...figure, ours: Number.NaN, target: { valueMax: 1 } })).toBe("miss");
  });

  test("proves nothing when more than a third was thrown away", () => {
    expect(isTooNoisy({ ...report, kept: 2, discarded: 1 })).toBe(false);
    expect(isTooNoisy({ ...report, kept: 19, discarded: 10 })).toBe(true);
    expect(isTooNoisy({ ...report, kept: 0, discarded: 0 })).toBe(false);
  });

  test("ends with 0, 1 for a miss and 3 for a machine too busy to tell", () => {
    const missed = { ...report, figures: [{ ...figure, ours: 1 }] };
    expect(exitCodeOf(report)).toBe(0);
    expect(exitCodeOf(missed)).toBe(1);
    expect(exitCodeOf({ ...missed, kept: 1, discarded: 1 })).toBe(3);
  });

  test("is a table with the anchor, ours, the ratio, the target and the verdict", () => {
    expect(textOf(report)).toBe(
      "bench hot\n" +
        "P1  200 of 845 KB  nginx 4000  ours 4400 req/s  ratio 1.100  target >= 1.1x  pass\n" +
        "discarded 1 of 10 windows",
    );
  });
});
