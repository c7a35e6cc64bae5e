import type { Clock } from "../clock.ts";

/** Calls many members once a period each, spread over it, on a single timer. */
export interface Wheel {
  /** The first beat comes within one period. The returned function ends the beats. */
  add(beat: () => void): () => void;
  close(): void;
}

export interface WheelOptions {
  readonly clock: Clock;
  readonly periodMs: number;
  readonly slots: number;
}

/** Coprime to any number of slots in use: members who come together land far apart. */
const stride = 61;

/** Opens a timer wheel. No timer runs while it has no member. */
export function openWheel({ clock, periodMs, slots: count }: WheelOptions): Wheel {
  const slots = Array.from({ length: count }, () => new Set<() => void>());
  const slotMs = periodMs / count;
  let members = 0;
  let added = 0;
  let at = 0;
  let turnedAtMs = 0;
  let cancelTimer: (() => void) | undefined;

  const turn = () => {
    // A loop that was held up makes good what it missed, one whole turn at most.
    const passed = Math.floor((clock.elapsed() - turnedAtMs) / slotMs);
    turnedAtMs += passed * slotMs;
    for (let step = 0; step < Math.min(passed, count); step++) {
      at = (at + 1) % count;
      for (const beat of slots[at] ?? []) beat();
    }
    cancelTimer = members > 0 ? clock.schedule(slotMs, turn) : undefined;
  };

  return {
    add(beat) {
      // A member of its own for each call: one function may be added twice.
      const member = () => beat();
      added += 1;
      const slot = slots[(added * stride) % count];
      slot?.add(member);
      members += 1;
      if (!cancelTimer) {
        turnedAtMs = clock.elapsed();
        cancelTimer = clock.schedule(slotMs, turn);
      }
      return () => {
        if (slot?.delete(member)) members -= 1;
      };
    },
    close() {
      cancelTimer?.();
      for (const slot of slots) slot.clear();
      members = 0;
    },
  };
}
