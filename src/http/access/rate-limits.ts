import type { Clock } from "../../clock.ts";
import { createLimiter, type Limiter } from "./limiter.ts";
import type { CountRequest } from "./signed-in.ts";

/** What may be done in a minute: the first six by each user, the rest by each address. */
export const documentedLimits = {
  prepare: 60,
  // A hundred each.
  prepare_batch: 6,
  regenerate: 30,
  deep_crawl: 10,
  webhooks_test: 30,
  other: 300,
  // For one account from one address, from one address whatever the account, and the other way.
  sign_in: 10,
  sign_in_address: 60,
  sign_in_account: 100,
  sign_up: 10,
  oauth: 20,
  wrong_keys: 60,
} as const;

export type LimitName = keyof typeof documentedLimits;
export type LimitNumbers = Readonly<Record<LimitName, number>>;

export interface RateLimits {
  readonly countRequest: CountRequest;
  readonly countSignIn: CountSignIn;
  readonly signUp: Limiter;
  readonly oauth: Limiter;
  readonly wrongKeys: Limiter;
}

/** Counts one try to sign in. @throws AppError `rate_limited`. */
export type CountSignIn = (subscriber: string, email: string) => void;

/** Routes with a limit of their own; every other one shares `other`. */
const routeLimits: Readonly<Record<string, LimitName>> = {
  "/api/v1/prepare": "prepare",
  "/api/v1/prepare/batch": "prepare_batch",
  "/api/assets/:id/regenerate": "regenerate",
  "/api/v1/regenerate/:id": "regenerate",
  "/api/projects/:id/deep-crawl": "deep_crawl",
  "/api/projects/:id/webhooks/test": "webhooks_test",
};

/** The limits of this process, in its memory: each of several machines counts for itself. */
export function createRateLimits(
  clock: Pick<Clock, "elapsed">,
  overrides: Partial<LimitNumbers>,
): RateLimits {
  const numbers: LimitNumbers = { ...documentedLimits, ...overrides };
  const limiters = new Map<LimitName, Limiter>();
  const limiterOf = (name: LimitName) => {
    const limiter = limiters.get(name) ?? createLimiter(clock, { max: numbers[name] });
    limiters.set(name, limiter);
    return limiter;
  };
  return {
    countRequest: (route, userId) => limiterOf(routeLimits[route] ?? "other").count(userId),
    countSignIn: createCountSignIn({
      pair: limiterOf("sign_in"),
      address: limiterOf("sign_in_address"),
      account: limiterOf("sign_in_account"),
    }),
    signUp: limiterOf("sign_up"),
    oauth: limiterOf("oauth"),
    wrongKeys: limiterOf("wrong_keys"),
  };
}

/**
 * Who guesses the password of an account is stopped where they sit, and only there: its owner still
 * gets in from elsewhere, unless the guesses come from ten addresses and more at once. The
 * narrowest counts first, so that what it refuses counts against nobody else.
 */
function createCountSignIn(limiters: {
  readonly pair: Limiter;
  readonly address: Limiter;
  readonly account: Limiter;
}): CountSignIn {
  return (subscriber, email) => {
    const account = email.toLowerCase();
    limiters.pair.count(`${subscriber} ${account}`);
    limiters.address.count(subscriber);
    limiters.account.count(account);
  };
}
