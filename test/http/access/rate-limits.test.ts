import { expect, test } from "bun:test";
import { rateLimits } from "../../../src/config/rate-limits.ts";
import { createRateLimits, documentedLimits } from "../../../src/http/access/rate-limits.ts";
import { createManualClock } from "../../support/manual-clock.ts";

/** How often a route is let through in one minute. */
function allowed(route: string, overrides = {}): number {
  const { countRequest } = createRateLimits(createManualClock(), overrides);
  let count = 0;
  try {
    for (; count < 1000; count += 1) countRequest(route, "usr_a");
  } catch {}
  return count;
}

test.each([
  ["/api/v1/prepare", 60],
  ["/api/assets/:id/regenerate", 30],
  ["/api/projects/:id/deep-crawl", 10],
  ["/api/projects/:id/webhooks/test", 30],
  ["/api/projects", 300],
  ["/api/user/me", 300],
])("%s is let through %d times a minute", (route, times) => {
  expect(allowed(route)).toBe(times);
});

test("the settings override a number, and leave the others", () => {
  expect(allowed("/api/v1/prepare", rateLimits.read('{"prepare":600}'))).toBe(600);
  expect(allowed("/api/projects", rateLimits.read('{"prepare":600}'))).toBe(300);
});

test("each user and each group has a count of its own", () => {
  const { countRequest } = createRateLimits(createManualClock(), { prepare: 1, other: 1 });
  countRequest("/api/v1/prepare", "usr_a");
  countRequest("/api/v1/prepare", "usr_b");
  countRequest("/api/projects", "usr_a");
  expect(() => countRequest("/api/user/me", "usr_a")).toThrow("rate limited");
});

test.each(["", "5", "[]", "null", "{", '{"speed":1}', '{"prepare":0}', '{"prepare":1.5}'])(
  "the setting %j is refused",
  (text) => {
    expect(rateLimits.read(text)).toBeUndefined();
  },
);

test("every documented limit can be set", () => {
  const text = JSON.stringify(documentedLimits);
  expect(rateLimits.read(text)).toEqual(documentedLimits);
  for (const name of Object.keys(documentedLimits)) expect(rateLimits.expected).toContain(name);
});
