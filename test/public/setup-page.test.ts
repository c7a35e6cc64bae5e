import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { setupPage } from "../../public/setup-page.ts";

test("the set-up page runs its own script, and talks to its own server alone", async () => {
  const { body, headers } = setupPage();
  const html = await body.text();
  const script = /<script>([\s\S]*)<\/script>/.exec(html)?.[1] ?? "";
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = headers["Content-Security-Policy"] ?? "";
  expect(policy).toStartWith(`default-src 'none'; script-src 'sha256-${hash}'; style-src 'sha256-`);
  expect(policy).toContain("connect-src 'self'");
  expect(html).not.toMatch(/https?:\/\//);
  expect(headers["Cache-Control"]).toBe("no-store");
});
