import type { Clock } from "../clock.ts";

/** Beats for many members once a period each, spread over it, on a single timer. */
export interface Wheel<Member> {
  /** The first beat comes within one period. @returns the member's slot, for `remove`. */
  add(member: Member): number;
  remove(slot: number, member: Member): void;
  close(): void;
}

export interface WheelDeps<Member> {
  readonly clock: Clock;
  readonly periodMs: number;
  readonly slots: number;
  readonly beat: (member: Member) => void;
}

/** A prime: members who come together land far apart, whatever the number of slots. */
const stride = 61;

/** Opens a timer wheel. No timer runs while it has no member. */
export function openWheel<Member>(deps: WheelDeps<Member>): Wheel<Member> {
  const { clock, beat } = deps;
  const slots = Array.from({ length: deps.slots }, () => new Set<Member>());
  const slotMs = deps.periodMs / deps.slots;
  let members = 0;
  let added = 0;
  let at = 0;
  let turnedAtMs = 0;
  let cancelTimer: (() => void) | undefined;

  const turn = () => {
    // A loop that was held up makes good what it missed, one whole turn at most.
    const passed = Math.floor((clock.elapsed() - turnedAtMs) / slotMs);
    turnedAtMs += passed * slotMs;
    for (let step = 0; step < Math.min(passed, deps.slots); step++) {
      at = (at + 1) % deps.slots;
      for (const member of slots[at] ?? []) beat(member);
    }
    cancelTimer = members > 0 ? clock.schedule(slotMs, turn) : undefined;
  };

  return {
    add(member) {
      added += 1;
      const slot = (added * stride) % deps.slots;
      slots[slot]?.add(member);
      members += 1;
      if (!cancelTimer) {
        turnedAtMs = clock.elapsed();
        cancelTimer = clock.schedule(slotMs, turn);
      }
      return slot;
    },
    remove(slot, member) {
      if (slots[slot]?.delete(member)) members -= 1;
    },
    close() {
      cancelTimer?.();
      for (const slot of slots) slot.clear();
      members = 0;
    },
  };
}
