import { expect, test } from "bun:test";
import { join } from "node:path";
import { openApp } from "../src/app.ts";
import { parseConfig } from "../src/config.ts";
import { seedDataDir } from "./support/seed-project.ts";
import { silentLog } from "./support/silent-log.ts";
import { openTemporaryDirectory } from "./support/temporary-directory.ts";

function freePort(): number {
  const taken = Bun.serve({ hostname: "0.0.0.0", port: 0, fetch: () => new Response() });
  const { port = 0 } = taken;
  void taken.stop(true);
  return port;
}

test("a server on all addresses fetches from itself by none of them [S11]", async () => {
  const folder = await openTemporaryDirectory();
  const port = freePort();
  const dataDir = join(folder.path, "data");
  const projectKey = await seedDataDir(dataDir, { allowedOrigins: [`http://127.0.0.2:${port}`] });
  const env = {
    MOTIONESS_LISTEN: `0.0.0.0:${port}`,
    MOTIONESS_DATA_DIR: dataDir,
    MOTIONESS_SECRET: "a server secret that is long enough",
    MOTIONESS_ALLOW_PRIVATE_SOURCES: "127.0.0.0/8",
  };
  const { config } = parseConfig({ env, readFile: () => "" });
  const app = await openApp(config, { log: silentLog });
  const poster = await fetch(`${app.url}/v1/${projectKey}/127.0.0.2:${port}/a.png.jpg`);
  expect(poster.status).toBe(502);
  // The words for an address that may not be reached, not those for an answer of 404.
  expect(await poster.text()).toContain("expected a public address");
  await app.close();
  await folder.close();
});
