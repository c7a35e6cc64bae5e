import type { Target } from "./measure/report.ts";
import type { Window } from "./measure/windows.ts";

/** The cases of the hot path: what is asked, of whom, and what must come of it. */

export interface HotCase {
  readonly name: string;
  readonly goal: string;
  readonly what: string;
  readonly method: "GET" | "HEAD";
  readonly status: number;
  /** Which clip is asked for, by its name in `Paths`. */
  readonly clip: keyof Paths;
  readonly header?: "if-none-match" | "range";
  /** Who is compared with us; the first is the anchor that is always there. */
  readonly anchors: readonly AnchorName[];
  /** Which of our servers answers. */
  readonly ours: "ours" | "ours without body cache";
  readonly claims: readonly Claim[];
}

export type AnchorName = "nginx" | "varnish" | "ours unsigned";

/** Paths of the same thing on one server. */
export interface Paths {
  readonly clip: string;
  readonly large: string;
  readonly pending: string;
  readonly signed: string;
}

/** One figure of a case and its target. */
export interface Claim {
  readonly figure: keyof typeof figures;
  readonly anchor: AnchorName;
  readonly target?: Target;
}

export const clipBytes = 845_321;
/** Past the size from which a file is better sent from the disk than from memory. */
export const largeBytes = 1_200_000;
export const rangeHeader = "Range: bytes=0-65535";

/** What can be read off a window. */
export const figures = {
  "req/s": (window: Window) => window.requestsPerSecond,
  "server us/req": (window: Window) => window.serverUsPerRequest,
  "total us/req": (window: Window) => window.totalUsPerRequest,
  "p99 ms": (window: Window) => window.p99Ms,
} as const;

export const hotCases: readonly HotCase[] = [
  {
    name: "200",
    goal: "P1",
    what: "200, 845 KB",
    method: "GET",
    status: 200,
    clip: "clip",
    anchors: ["nginx", "varnish"],
    ours: "ours",
    claims: [
      { figure: "req/s", anchor: "nginx", target: { ratioMin: 1.1 } },
      { figure: "server us/req", anchor: "nginx", target: { ratioMax: 0.85 } },
      { figure: "req/s", anchor: "varnish", target: { ratioMin: 0.95 } },
      { figure: "p99 ms", anchor: "nginx" },
    ],
  },
  {
    name: "cold-lru",
    goal: "P2",
    what: "200, 845 KB, from disk",
    method: "GET",
    status: 200,
    clip: "clip",
    anchors: ["nginx"],
    ours: "ours without body cache",
    claims: withCpu({ figure: "req/s", anchor: "nginx", target: { ratioMin: 0.85 } }),
  },
  {
    name: "large",
    goal: "P2",
    what: "200, 1.2 MB",
    method: "GET",
    status: 200,
    clip: "large",
    anchors: ["nginx"],
    ours: "ours",
    claims: [
      { figure: "total us/req", anchor: "nginx", target: { ratioMax: 1.15 } },
      ...withCpu({ figure: "req/s", anchor: "nginx" }),
    ],
  },
  {
    name: "304",
    goal: "P3",
    what: "304",
    method: "GET",
    status: 304,
    clip: "clip",
    header: "if-none-match",
    anchors: ["nginx", "varnish"],
    ours: "ours",
    claims: [
      ...withCpu({ figure: "req/s", anchor: "nginx", target: { ratioMin: 0.8 } }),
      { figure: "req/s", anchor: "varnish", target: { ratioMin: 2 } },
      { figure: "p99 ms", anchor: "nginx" },
    ],
  },
  {
    name: "202",
    goal: "P3",
    what: "202, pending",
    method: "GET",
    status: 202,
    clip: "pending",
    anchors: ["nginx"],
    ours: "ours",
    claims: withCpu({ figure: "req/s", anchor: "nginx", target: { ratioMin: 0.8 } }),
  },
  {
    name: "head",
    goal: "P3",
    what: "HEAD",
    method: "HEAD",
    status: 200,
    clip: "clip",
    anchors: ["nginx"],
    ours: "ours",
    claims: withCpu({ figure: "req/s", anchor: "nginx", target: { ratioMin: 0.8 } }),
  },
  {
    name: "range",
    goal: "P4",
    what: "206, 64 KiB",
    method: "GET",
    status: 206,
    clip: "clip",
    header: "range",
    anchors: ["nginx"],
    ours: "ours",
    claims: withCpu({ figure: "req/s", anchor: "nginx", target: { ratioMin: 1 } }),
  },
  {
    name: "signed",
    goal: "P5",
    what: "304, signed URL",
    method: "GET",
    status: 304,
    clip: "signed",
    header: "if-none-match",
    anchors: ["ours unsigned"],
    ours: "ours",
    claims: withCpu({ figure: "req/s", anchor: "ours unsigned", target: { ratioMin: 0.95 } }),
  },
];

/** Requests a second, with the server's time a request beside them. */
function withCpu(claim: Claim): readonly Claim[] {
  return [claim, { figure: "server us/req", anchor: claim.anchor }];
}
