import { describe, expect, test } from "bun:test";
import { judgeNsfw } from "../../src/vision/nsfw.ts";

type View = "squashed" | "middle";

/** A net that sees this share of explicit content in each view, half of either kind. */
function netSeeing(shares: { readonly [V in View]: number }) {
  const asked: View[] = [];
  const classify = async (view: View) => {
    asked.push(view);
    const half = shares[view] / 2;
    return [0, half, 1 - 2 * half, half, 0];
  };
  return { asked, classify };
}

describe("a verdict", () => {
  test.each([
    { squashed: 0.1, middle: 0.1, decision: "pass" },
    { squashed: 0.59, middle: 1, decision: "pass" },
    { squashed: 0.6, middle: 0.61, decision: "review" },
    { squashed: 0.84, middle: 0.95, decision: "review" },
    { squashed: 0.85, middle: 0.86, decision: "block" },
    { squashed: 0.99, middle: 0.86, decision: "block" },
    { squashed: 0.99, middle: 0.7, decision: "review" },
    { squashed: 0.99, middle: 0.3, decision: "pass" },
  ] as const)("is the milder one of both views: %p", async ({ decision, ...shares }) => {
    const verdict = await judgeNsfw(netSeeing(shares).classify, 0.85);
    expect(verdict.decision).toBe(decision);
    const { porn, hentai } = verdict.scores;
    const milder = shares.squashed < 0.6 ? shares.squashed : Math.min(...Object.values(shares));
    expect(porn + hentai).toBeCloseTo(milder, 3);
  });

  test("asks for a second view only where the first is suspicious", async () => {
    const harmless = netSeeing({ squashed: 0.3, middle: 0.9 });
    await judgeNsfw(harmless.classify, 0.85);
    expect(harmless.asked).toEqual(["squashed"]);
    const suspicious = netSeeing({ squashed: 0.7, middle: 0.1 });
    await judgeNsfw(suspicious.classify, 0.85);
    expect(suspicious.asked).toEqual(["squashed", "middle"]);
  });

  test("keeps to a threshold below that of a review, too", async () => {
    const { classify } = netSeeing({ squashed: 0.4, middle: 0.35 });
    expect((await judgeNsfw(classify, 0.3)).decision).toBe("block");
  });

  test("never counts bathing suits and bare shoulders", async () => {
    const verdict = await judgeNsfw(async () => [0, 0, 0.01, 0, 0.99], 0.85);
    expect(verdict).toMatchObject({ decision: "pass", scores: { sexy: 0.99 } });
  });
});
