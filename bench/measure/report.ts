/**
 * What a benchmark ends with: for each figure the anchor, ours, their ratio and the target, and how
 * many windows were thrown away. A run of which more than a third was thrown away proves nothing.
 */

const discardedShareMax = 1 / 3;

export interface Figure {
  /** The goal it belongs to, `P1`; empty for a figure that is only shown. */
  readonly goal: string;
  readonly name: string;
  readonly unit: string;
  readonly anchor: { readonly name: string; readonly value: number } | undefined;
  readonly ours: number;
  /** Ours to the anchor, where it was taken round by round; else it is that of the two values. */
  readonly ratio?: number;
  readonly target: Target | undefined;
}

/** A bound of the ratio to the anchor, or of our own value where there is no anchor. */
export type Target =
  | { readonly ratioMin: number }
  | { readonly ratioMax: number }
  | { readonly valueMin: number }
  | { readonly valueMax: number };

export interface Report {
  readonly bench: string;
  readonly figures: readonly Figure[];
  /** Windows, or runs, that were kept and thrown away. */
  readonly kept: number;
  readonly discarded: number;
}

export type Verdict = "pass" | "miss" | "shown";

/** How a figure stands to its target; a ratio that could not be measured is a miss. */
export function judge(figure: Figure): Verdict {
  const { target } = figure;
  if (!target) return "shown";
  const ratio = ratioOf(figure) ?? Number.NaN;
  if ("ratioMin" in target) return ratio >= target.ratioMin ? "pass" : "miss";
  if ("ratioMax" in target) return ratio <= target.ratioMax ? "pass" : "miss";
  if ("valueMin" in target) return figure.ours >= target.valueMin ? "pass" : "miss";
  return figure.ours <= target.valueMax ? "pass" : "miss";
}

/** Whether too much was thrown away for the rest to mean anything. */
export function isTooNoisy(report: Report): boolean {
  const all = report.kept + report.discarded;
  return all > 0 && report.discarded / all > discardedShareMax;
}

/** 0 when every target is met, 1 when one is missed, 3 when the machine was too busy to tell. */
export function exitCodeOf(report: Report): number {
  if (isTooNoisy(report)) return 3;
  return report.figures.some((figure) => judge(figure) === "miss") ? 1 : 0;
}

/** Prints the report (`--json`: as one JSON line) and sets the exit code. */
export function printReport(report: Report, options: { readonly json: boolean }): void {
  console.log(options.json ? JSON.stringify(jsonOf(report)) : textOf(report));
  process.exitCode = exitCodeOf(report);
}

function jsonOf(report: Report) {
  return {
    ...report,
    tooNoisy: isTooNoisy(report),
    figures: report.figures.map((figure) => ({
      ...figure,
      ratio: ratioOf(figure),
      verdict: judge(figure),
    })),
  };
}

/** The report as a table of plain text. */
export function textOf(report: Report): string {
  const rows = report.figures.map((figure) => {
    const ratio = ratioOf(figure);
    return [
      figure.goal,
      figure.name,
      figure.anchor ? `${figure.anchor.name} ${round(figure.anchor.value)}` : "-",
      `ours ${round(figure.ours)} ${figure.unit}`,
      ratio === undefined ? "-" : `ratio ${ratio.toFixed(3)}`,
      targetText(figure.target),
      judge(figure),
    ];
  });
  const widths = rows.reduce<number[]>(
    (sofar, row) => row.map((cell, i) => Math.max(sofar[i] ?? 0, cell.length)),
    [],
  );
  const lines = rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  "));
  const total = report.kept + report.discarded;
  const noise = isTooNoisy(report) ? "; too many: the machine was too busy, run again" : "";
  return [
    `bench ${report.bench}`,
    ...lines.map((line) => line.trimEnd()),
    `discarded ${report.discarded} of ${total} windows${noise}`,
  ].join("\n");
}

function targetText(target: Target | undefined): string {
  if (!target) return "";
  if ("ratioMin" in target) return `target >= ${target.ratioMin}x`;
  if ("ratioMax" in target) return `target <= ${target.ratioMax}x`;
  if ("valueMin" in target) return `target >= ${target.valueMin}`;
  return `target <= ${target.valueMax}`;
}

function ratioOf(figure: Figure): number | undefined {
  return figure.anchor && (figure.ratio ?? figure.ours / figure.anchor.value);
}

function round(value: number): string {
  return Math.abs(value) >= 1000 ? Math.round(value).toString() : value.toPrecision(3);
}
