import { expect, test } from "bun:test";
import { banner, type ServerFacts } from "../../../src/cli/serve/banner.ts";

const facts: ServerFacts = {
  version: "1.0.0",
  target: "linux-x64",
  dataDir: "/var/lib/motioness",
  isNew: true,
  freeBytes: 41_200_000_000,
  database: "motioness.db",
  storage: "disk",
  secret: "generated",
  ffmpeg: "7.1 (/usr/bin/ffmpeg)",
  vision: "local",
  motion: "local",
  url: "http://127.0.0.1:8477",
  hasDemo: true,
  setupUrl: undefined,
  publicUrl: undefined,
  networkUrls: [],
};

test("the banner says what runs and where, and ends with the link", () => {
  expect(banner(facts).split("\n")).toEqual([
    "motioness 1.0.0 (linux-x64)",
    "  data      /var/lib/motioness (new; 41.2 GB free)",
    "  database  motioness.db",
    "  storage   disk",
    "  secret    generated",
    "  ffmpeg    7.1 (/usr/bin/ffmpeg)",
    "  vision    local",
    "  motion    local",
    "",
    "  Open this link and drop a picture on it:",
    "  http://127.0.0.1:8477",
    "",
  ]);
});

test("the banner names the public URL, and promises no demo where there is none", () => {
  const lines = banner({
    ...facts,
    isNew: false,
    freeBytes: undefined,
    hasDemo: false,
    publicUrl: "https://clips.example.com",
    networkUrls: ["http://192.168.1.5:8477"],
  });
  expect(lines).toContain("  data      /var/lib/motioness (existing)\n");
  expect(lines).toContain("  network   http://192.168.1.5:8477\n");
  expect(lines).toContain("  public    https://clips.example.com\n");
  expect(lines).toContain("  Listening on:\n");
  expect(lines).not.toContain("drop a picture");
});

test("the banner says how to become the administrator of a server that has none", () => {
  const lines = banner({ ...facts, setupUrl: "http://127.0.0.1:8477/setup#token=mst_x" });
  expect(lines).toContain("  http://127.0.0.1:8477/setup#token=mst_x\n");
  expect(lines).toContain("motioness admin create");
  expect(lines.trimEnd()).toEndWith(`  ${facts.url}`);
});
