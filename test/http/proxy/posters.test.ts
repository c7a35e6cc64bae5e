import { expect, test } from "bun:test";
import { join } from "node:path";
import { createPosters } from "../../../src/http/proxy/posters.ts";
import { resolveProxyRequest } from "../../../src/http/proxy/resolve.ts";
import { openDisk } from "../../../src/storage/disk.ts";
import { codeOf } from "../../support/app-error.ts";
import { plainProxyProject } from "../../support/proxy-project.ts";
import { smallPicture } from "../../support/small-picture.ts";
import { openTemporaryDirectory } from "../../support/temporary-directory.ts";

const proxied = await resolveProxyRequest(
  {
    findProject: async () => plainProxyProject,
    baseUrl: "http://127.0.0.1:8477",
    clock: { now: () => 0 },
  },
  `/v1/${plainProxyProject.proxyKey}/acme.com/hero.png.jpg`,
  new Headers(),
);

test("a poster that is not made in time is to be asked for again, and is no fault", async () => {
  const folder = await openTemporaryDirectory();
  const posters = createPosters({
    storage: openDisk({ kind: "disk", root: join(folder.path, "media") }),
    sources: {
      read: (_src, _path, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
        }),
    },
    clock: { now: () => 0 },
    scratchRoot: join(folder.path, "scratch"),
    timeoutMs: 5,
  });
  expect(await codeOf(posters.find(proxied, undefined))).toBe("unavailable");
  await folder.close();
});

test("slow sources keep no other poster waiting", async () => {
  const folder = await openTemporaryDirectory();
  const still = await smallPicture();
  const slow = Promise.withResolvers<void>();
  let slowReads = 0;
  const posters = createPosters({
    storage: openDisk({ kind: "disk", root: join(folder.path, "media") }),
    sources: {
      async read(src, path) {
        if (src.includes("slow")) {
          slowReads += 1;
          await slow.promise;
        }
        await Bun.write(path, still);
      },
    },
    clock: { now: () => 0 },
    scratchRoot: join(folder.path, "scratch"),
  });
  const from = (name: string) => ({
    ...proxied,
    asset: { ...proxied.asset, src: `https://acme.com/${name}.png` },
  });
  const waiting = ["slow-1", "slow-2", "slow-3"].map((name) => posters.find(from(name), undefined));
  expect((await posters.find(from("quick"), undefined)).blob.size).toBeGreaterThan(0);
  expect(slowReads).toBe(3);
  slow.resolve();
  await Promise.all(waiting);
  await folder.close();
});
