import { afterEach } from "bun:test";
import { crawlSite } from "../../src/brand/crawl.ts";
import { type Answer, createTestExchange, openBrandSite } from "../support/brand-site.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A site that is closed after the test, and a crawl of it. */
export function openCrawl(answer?: Answer) {
  const site = openBrandSite(answer);
  closers.push(site.close);
  const crawl = (
    path = "/",
    options: {
      readonly signal?: AbortSignal;
      readonly origin?: string;
      readonly resolve?: (hostname: string) => Promise<readonly string[]>;
    } = {},
  ) => {
    const origin = options.origin ?? site.origin;
    return crawlSite(
      {
        exchange: createTestExchange(options.resolve),
        signal: options.signal ?? new AbortController().signal,
        allowedOrigins: [site.origin, origin],
      },
      origin + path,
    );
  };
  return { ...site, crawl };
}
