/** Holds named steps back until they are let through, so that a test decides when things happen. */
export interface GateKeeper {
  /** Resolves when the step may go on. */
  pass(step: string): Promise<void>;
  /** Lets the step through, now or when it comes. */
  open(step: string): void;
  /** Lets every step through from now on. */
  openAll(): void;
}

export function createGateKeeper(): GateKeeper {
  const gates = new Map<string, PromiseWithResolvers<void>>();
  let isOpen = false;
  const gate = (step: string) => {
    const known = gates.get(step) ?? Promise.withResolvers<void>();
    gates.set(step, known);
    if (isOpen) known.resolve();
    return known;
  };
  return {
    pass: (step) => gate(step).promise,
    open: (step) => gate(step).resolve(),
    openAll() {
      isOpen = true;
      for (const { resolve } of gates.values()) resolve();
    },
  };
}
