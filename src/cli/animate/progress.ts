import type { Io } from "../io.ts";

export interface Progress {
  /** Shows how far the work is. Cheap enough to be called for every frame. */
  show(done: number, total: number): void;
  /** Takes the bar away, so that other text can follow. */
  clear(): void;
}

const barWidth = 32;
const eraseLine = "\r\u001b[2K";

/**
 * Progress on stderr: a bar on a terminal, and a plain line at each quarter anywhere else. The bar
 * never reads the keyboard, so that Ctrl-C stays the signal that it is.
 */
export function createProgress(io: Pick<Io, "stderr" | "now">, label: string): Progress {
  return io.stderr.isTTY ? createBar(io, label) : createLines(io, label);
}

function createBar(io: Pick<Io, "stderr" | "now">, label: string): Progress {
  const startedAt = io.now();
  let shown = "";
  return {
    show(done, total) {
      const share = total > 0 ? done / total : 0;
      const filled = Math.round(share * barWidth);
      const bar = "█".repeat(filled) + "░".repeat(barWidth - filled);
      const left = share > 0 ? ((io.now() - startedAt) * (1 - share)) / share / 1000 : undefined;
      const rest = left === undefined ? "" : `  ${Math.ceil(left)} s left`;
      const line = `${label} ${bar} ${percent(share)}  ${done}/${total} frames${rest}`;
      if (line === shown) return;
      shown = line;
      io.stderr.write(eraseLine + line);
    },
    clear: () => io.stderr.write(eraseLine),
  };
}

function createLines(io: Pick<Io, "stderr">, label: string): Progress {
  let quarter = 0;
  return {
    show(done, total) {
      const reached = total > 0 ? Math.floor((4 * done) / total) : 0;
      if (reached <= quarter) return;
      quarter = reached;
      io.stderr.write(`${label} ${percent(reached / 4)} (${done}/${total} frames)\n`);
    },
    clear: () => {},
  };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
