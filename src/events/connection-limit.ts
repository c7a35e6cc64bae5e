import { AppError } from "../errors.ts";

/** Counts open connections, in all and from each address. */
export interface ConnectionLimit {
  readonly total: number;
  /**
   * Counts one more, to be taken back by `leave`.
   * @throws AppError `unavailable`, with when to come again, when there are too many.
   */
  enter(address: string): void;
  leave(address: string): void;
}

export interface ConnectionLimits {
  readonly totalMax: number;
  readonly perAddressMax: number;
}

const retryAfterMs = 10_000;

export function createConnectionLimit(limits: ConnectionLimits): ConnectionLimit {
  const byAddress = new Map<string, number>();
  let total = 0;
  return {
    get total() {
      return total;
    },
    enter(address) {
      const ofAddress = byAddress.get(address) ?? 0;
      if (total >= limits.totalMax) {
        throw new AppError("unavailable", "too many open streams", { retryAfterMs });
      }
      if (ofAddress >= limits.perAddressMax) {
        const message = "too many open streams from this address";
        throw new AppError("unavailable", message, { retryAfterMs });
      }
      byAddress.set(address, ofAddress + 1);
      total += 1;
    },
    leave(address) {
      const left = (byAddress.get(address) ?? 1) - 1;
      if (left > 0) byAddress.set(address, left);
      else byAddress.delete(address);
      total -= 1;
    },
  };
}
