import type { Io } from "../io.ts";

/** A terminal's Ctrl-C arrives from the terminal, and once more from npm: that is one Ctrl-C. */
const oneSignalMs = 500;

export interface StopSignals {
  /** Resolves with the first signal: it asks for an orderly end. */
  readonly asked: Promise<string>;
  /** Resolves with a later one, from somebody who does not want to wait. */
  readonly insisted: Promise<void>;
  forget(): void;
}

/** Hears the signals that end a server. */
export function hearSignals(io: Pick<Io, "now" | "onSignal">): StopSignals {
  const asked = Promise.withResolvers<string>();
  const insisted = Promise.withResolvers<void>();
  let askedAt: number | undefined;
  const forget = io.onSignal((signal) => {
    askedAt ??= io.now();
    asked.resolve(signal);
    if (io.now() - askedAt >= oneSignalMs) insisted.resolve();
  });
  return { asked: asked.promise, insisted: insisted.promise, forget };
}
