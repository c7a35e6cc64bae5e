import type { LimitName, LimitNumbers } from "../http/access/rate-limits.ts";
import type { Reader } from "./readers.ts";

const names = {
  prepare: true,
  prepare_batch: true,
  regenerate: true,
  deep_crawl: true,
  webhooks_test: true,
  other: true,
  sign_in: true,
  sign_in_address: true,
  sign_in_account: true,
  sign_up: true,
  oauth: true,
  wrong_keys: true,
} as const satisfies Record<LimitName, true>;

const numberMax = 1_000_000;

/** What differs from the documented limits, as a JSON object. */
export const rateLimits: Reader<Partial<LimitNumbers>> = {
  expected:
    `a JSON object of ${Object.keys(names).join(", ")} with whole numbers from 1 to ` +
    `${numberMax}, such as {"prepare":600}`,
  read(text) {
    const value = parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const isRead = Object.entries(value).every(
      ([name, number]) => Object.hasOwn(names, name) && isLimit(number),
    );
    return isRead ? (value as Partial<LimitNumbers>) : undefined;
  },
};

function isLimit(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= numberMax;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
