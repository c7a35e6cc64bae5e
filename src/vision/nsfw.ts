import { type NsfwClass, type NsfwVerdict, nsfwClasses } from "../scene/sight.ts";

type Scores = NsfwVerdict["scores"];

/** From here on a picture that is not blocked is marked for a person to look at. */
const reviewFrom = 0.6;

/**
 * Judges a picture by two views of it, for the net is easily wrong about one: of 31 harmless
 * photographs, groups of clothed people scored up to 0.64. The second view is only asked for
 * where the first is suspicious, and the milder of the two decides.
 * @param classify gives the net's five outputs for the whole picture squashed, or for its middle.
 * @param threshold a score from here on blocks.
 */
export async function judgeNsfw(
  classify: (view: "squashed" | "middle") => Promise<readonly number[]>,
  threshold: number,
): Promise<NsfwVerdict> {
  const whole = scoresOf(await classify("squashed"));
  if (explicitShare(whole) < Math.min(reviewFrom, threshold)) {
    return { scores: whole, decision: "pass" };
  }
  const middle = scoresOf(await classify("middle"));
  const scores = explicitShare(middle) < explicitShare(whole) ? middle : whole;
  return { scores, decision: decide(explicitShare(scores), threshold) };
}

/** What counts against a picture. "Sexy" is bathing suits and bare shoulders: it never blocks. */
function explicitShare({ porn, hentai }: Scores): number {
  return porn + hentai;
}

function decide(score: number, threshold: number): NsfwVerdict["decision"] {
  if (score >= threshold) return "block";
  return score >= reviewFrom ? "review" : "pass";
}

function scoresOf(outputs: readonly number[]): Scores {
  const entries = nsfwClasses.map((name, at) => [name, rounded(outputs[at] ?? 0)] as const);
  return Object.fromEntries(entries) as Record<NsfwClass, number>;
}

/** Machines add in different orders: the last digits say nothing. */
function rounded(share: number): number {
  return Math.round(share * 1e4) / 1e4;
}
