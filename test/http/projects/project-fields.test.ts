import { describe, expect, test } from "bun:test";
import { createManualClock } from "../../support/manual-clock.ts";
import { seededOwnerId } from "../../support/seed-project.ts";
import { sessionHeaders } from "../../support/sign-in.ts";
import { createAsk, type Json } from "../ask.ts";
import { openTestServer } from "../test-server.ts";

const clock = createManualClock();
const server = await openTestServer({ clock });
const ask = createAsk(server);
const owner = await sessionHeaders(server, seededOwnerId);
const made = await ask("POST", "/api/projects", owner, { name: "Fresh" });
const path = `/api/projects/${(made.json["project"] as { id: string }).id}`;

describe("what is refused, by its field", () => {
  const long = (length: number) => "x".repeat(length);
  // Of a number in the query that is out of bounds the framework does not say whose it is.
  const rows: [string, string, unknown, string | undefined][] = [
    ["POST", "/api/projects", {}, "name"],
    ["POST", "/api/projects", { name: "" }, "name"],
    ["POST", "/api/projects", { name: "   " }, "name"],
    ["POST", "/api/projects", { name: long(101) }, "name"],
    ["POST", "/api/projects", { name: "a", website_url: "acme.com" }, "website_url"],
    ["POST", "/api/projects", { name: "a", website_url: "javascript:alert(1)" }, "website_url"],
    ["POST", "/api/projects", { name: "a", owner_id: "usr_x" }, "owner_id"],
    ["GET", "/api/projects?limit=0", undefined, "limit"],
    ["GET", "/api/projects?limit=101", undefined, "limit"],
    ["GET", "/api/projects?limit=1.5", undefined, "limit"],
    ["GET", "/api/projects?page=2", undefined, "page"],
    ["PATCH", path, { proxy_key: "pk_mine" }, "proxy_key"],
    ["PATCH", path, { generations_per_day_max: -1 }, "generations_per_day_max"],
    ["PATCH", path, { generations_per_month_max: 1.5 }, "generations_per_month_max"],
    ["PATCH", path, { generations_per_month_max: 1_000_001 }, "generations_per_month_max"],
    ["PATCH", path, { overage_enabled: "yes" }, "overage_enabled"],
    ["PUT", `${path}/proxy-config`, { allowed_origins: "https://acme.com" }, "allowed_origins"],
    ["PUT", `${path}/proxy-config`, { allowed_origins: ["acme.com"] }, "allowed_origins"],
    ["PUT", `${path}/proxy-config`, { allowed_origins: ["https://*.a.co"] }, "allowed_origins"],
    ["PUT", `${path}/proxy-config`, { allowed_origins: ["https://a.co/x"] }, "allowed_origins"],
    ["PUT", `${path}/proxy-config`, { allowed_origins: ["ftp://a.co"] }, "allowed_origins"],
    [
      "PUT",
      `${path}/proxy-config`,
      { allowed_origins: Array.from({ length: 51 }, (_, index) => `https://a${index}.co`) },
      "allowed_origins",
    ],
    ["PUT", `${path}/proxy-config`, { enable_signing: 1 }, "enable_signing"],
    ["PUT", `${path}/proxy-config`, { default_motion: "wild" }, "default_motion"],
    ["PUT", `${path}/proxy-config`, { default_mode: "once" }, "default_mode"],
    ["PUT", `${path}/proxy-config`, { default_dur_seconds: 1 }, "default_dur_seconds"],
    ["PUT", `${path}/proxy-config`, { default_dur_seconds: 9 }, "default_dur_seconds"],
    ["PUT", `${path}/proxy-config`, { default_dur_seconds: 2.5 }, "default_dur_seconds"],
    ["PUT", `${path}/proxy-config`, { default_dur_seconds: "4" }, "default_dur_seconds"],
    ["PATCH", path, { generations_per_day_max: "4" }, "generations_per_day_max"],
    ["PUT", `${path}/proxy-config`, { pending_mode: "wait" }, "pending_mode"],
    ["PUT", `${path}/proxy-config`, { signing_secret: "mine" }, "signing_secret"],
    ["POST", `${path}/keys/rotate`, undefined, "which"],
    ["POST", `${path}/keys/rotate?which=both`, undefined, "which"],
    ["POST", `${path}/keys/rotate?which=signing&overlap_seconds=-1`, undefined, "overlap_seconds"],
    [
      "POST",
      `${path}/keys/rotate?which=signing&overlap_seconds=604801`,
      undefined,
      "overlap_seconds",
    ],
    ["POST", `${path}/keys/rotate?which=proxy&overlap_seconds=1`, undefined, "overlap_seconds"],
    ["PUT", `${path}/members`, { email: "a@b.co" }, "role"],
    ["PUT", `${path}/members`, { email: "a@b.co", role: "owner" }, "role"],
    ["PUT", `${path}/members`, { role: "viewer" }, "email"],
    ["PUT", `${path}/members`, { email: "a@b.co", user_id: "u", role: "viewer" }, "email"],
    ["PUT", `${path}/brand`, { name: "Acme" }, "name"],
    ["PUT", `${path}/brand`, { brandName: long(121) }, "brandName"],
    ["PUT", `${path}/brand`, { colors: { primary: "red" } }, "colors"],
    ["PUT", `${path}/brand`, { colors: { primary: "#12345" } }, "colors"],
    ["PUT", `${path}/brand`, { colors: { tertiary: "#123456" } }, "colors"],
    ["PUT", `${path}/brand`, { fonts: { body: long(101) } }, "fonts"],
    ["PUT", `${path}/brand`, { logoUrl: "data:image/png;base64,AA" }, "logoUrl"],
    ["PUT", `${path}/brand`, { designContext: { borderRadius: "round" } }, "designContext"],
    [
      "PUT",
      `${path}/brand`,
      { messagingContext: { ctas: Array(13).fill("Go") } },
      "messagingContext",
    ],
    [
      "PUT",
      `${path}/brand`,
      { contentInventory: { features: [{ title: "a" }] } },
      "contentInventory",
    ],
    ["POST", `${path}/deep-crawl`, {}, "url"],
    ["POST", `${path}/deep-crawl`, { url: "acme.com" }, "url"],
    ["POST", `${path}/deep-crawl`, { url: "file:///etc/passwd" }, "url"],
    ["POST", `${path}/deep-crawl`, { url: "https://user:pass@acme.com/" }, "url"],
    ["POST", `${path}/deep-crawl`, { url: "https://:99999/" }, "url"],
    ["POST", `${path}/deep-crawl`, { url: `https://acme.com/${long(2048)}` }, "url"],
    ["POST", `${path}/deep-crawl`, { url: "https://acme.com", depth: 9 }, "depth"],
  ];
  test.each(rows)("%s %s %j", async (method, target, body, field) => {
    const { status, json } = await ask(method, target, owner, body);
    expect([status, json["error"]]).toEqual([400, "Validation failed"]);
    const { fieldErrors } = json["details"] as { fieldErrors: Json };
    expect(Object.keys(fieldErrors)).toEqual(field === undefined ? [] : [field]);
    clock.advance(1000);
  });
});
