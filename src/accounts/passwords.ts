import { AppError } from "../errors.ts";

export const passwordLength = { min: 8, max: 128 } as const;

/** Passwords, as the accounts library hashes them. */
export interface Passwords {
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
}

/** Each takes 32 MiB for as long as it runs, and most of a core. */
const atOnceMax = 2;
const waitingMax = 64;

/**
 * scrypt (RFC 7914) with the library's parameters, a few at a time: a flood of sign-ins waits, and
 * then is sent away, before it takes the memory of everything else.
 */
export function createPasswords(): Passwords {
  const library = () => import("better-auth/crypto");
  const inTurn = createGate();
  return {
    hash: (password) => inTurn(async () => (await library()).hashPassword(password)),
    verify: (hash, password) =>
      inTurn(async () => (await library()).verifyPassword({ hash, password })),
  };
}

function createGate(): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting = new Set<() => void>();
  let running = 0;
  return async (work) => {
    if (running >= atOnceMax) {
      if (waiting.size >= waitingMax) {
        throw new AppError("unavailable", "too many sign-ins at once; try again in a moment");
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.add(resolve);
      await promise;
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      // Whoever comes next takes over the place.
      const [next] = waiting;
      if (next) {
        waiting.delete(next);
        next();
      } else {
        running -= 1;
      }
    }
  };
}
