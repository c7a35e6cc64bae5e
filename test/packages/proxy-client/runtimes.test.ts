import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import vectors from "../../../packages/proxy-client/vectors.json" with { type: "json" };
import { findBrowser, openBrowser } from "../../support/browser.ts";
import {
  openTemporaryDirectory,
  type TemporaryDirectory,
} from "../../support/temporary-directory.ts";

const root = join(import.meta.dir, "../../..");
const project = join(root, "packages/proxy-client/tsconfig.json");
const node = Bun.which("node");
const deno = Bun.which("deno");

/** Written for any of them: prints the URLs made of the vectors, and whether a message is good. */
const program = (entry: string) => `
import { signProxyUrl, verifyWebhook } from ${JSON.stringify(entry)};
const vectors = ${JSON.stringify(vectors.positive)};
const urls = [];
for (const { projectKey, src, secret, exp } of vectors) {
  const baseUrl = "https://motion.example";
  urls.push(await signProxyUrl({ baseUrl, projectKey, src, secret, exp }));
}
const { type } = await verifyWebhook({
  secret: "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
  headers: {
    "webhook-id": "evt_01HXY3K",
    "webhook-timestamp": "1714801234",
    "webhook-signature": "v1,Cs6alcmK/gzlhNHbLq6scAFuti/QYDw3I+nyksB2QP8=",
  },
  rawBody: '{"id":"evt_01HXY3K","type":"asset.test"}',
  now: () => 1714801234000,
});
const result = JSON.stringify([...urls, type]);
`;
const expected = [...vectors.positive.map(({ url }) => url), "asset.test"];

/** What a user's compiler must take, and what it must refuse. */
const typedProgram = `
import { createApiClient, verifyWebhook, type Asset } from "@motioness/proxy-client";
import vectors from "@motioness/proxy-client/vectors.json" with { type: "json" };
const api = createApiClient({ baseUrl: vectors.positive[0]?.url ?? "" });
export const asset: Promise<Asset> = api
  .call("get", "/api/assets/{id}", { path: { id: "x" } })
  .then((answer) => answer.asset);
const message = await verifyWebhook({ secret: "", headers: {}, rawBody: "" });
if (message.type === "asset.completed") message.data.mp4_url.at(0);
// @ts-expect-error: there is no such field
await api.call("post", "/api/projects", { body: { nam: "Acme" } });
// @ts-expect-error: what answers with a stream is for subscribe
await api.call("get", "/api/assets/{id}/events", { path: { id: "x" } });
`;

/** The README's own examples, one after the other, with what they take from around them. */
async function readmeProgram(): Promise<string> {
  const readme = await Bun.file(join(root, "packages/proxy-client/README.md")).text();
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, block]) => block);
  return `declare const projectId: string, apiKey: string, file: Blob;
declare const process: { readonly env: Readonly<Record<string, string | undefined>> };
${blocks.join("\n")}`;
}

const tsc = join(root, "node_modules/.bin/tsc");
let folder: TemporaryDirectory;

beforeAll(async () => {
  folder = await openTemporaryDirectory();
  const build = Bun.spawn([process.execPath, "--bun", tsc, "-p", project, "--outDir", folder.path]);
  expect(await build.exited).toBe(0);
});

afterAll(() => folder.close());

async function run(...argv: readonly string[]): Promise<unknown> {
  const entry = pathToFileURL(join(folder.path, "index.js")).href;
  const file = join(folder.path, "program.mjs");
  await Bun.write(file, `${program(entry)}console.log(result);`);
  const child = Bun.spawn([...argv, file], { stdout: "pipe" });
  return JSON.parse(await new Response(child.stdout).text());
}

describe("the built package", () => {
  test("names no module of any runtime, and needs nothing", async () => {
    const files = [...new Bun.Glob("*.js").scanSync({ cwd: folder.path })];
    const texts = await Promise.all(files.map((file) => readFile(join(folder.path, file), "utf8")));
    const imports = texts.flatMap((text) => [...text.matchAll(/from "([^"]+)"/g)]);
    expect(files.length).toBeGreaterThan(8);
    expect(imports.map(([, name]) => name).filter((name) => !name?.startsWith("./"))).toEqual([]);
  });

  for (const [resolution, module] of [
    ["bundler", "esnext"],
    ["nodenext", "nodenext"],
  ] as const) {
    test(`is typed for strict programs that resolve as ${resolution} does`, async () => {
      const program = await openTemporaryDirectory();
      const installed = join(program.path, "node_modules/@motioness/proxy-client");
      await cp(folder.path, join(installed, "dist"), { recursive: true });
      for (const name of ["package.json", "vectors.json"]) {
        await cp(join(root, "packages/proxy-client", name), join(installed, name));
      }
      await Bun.write(join(program.path, "use.mts"), typedProgram);
      await Bun.write(join(program.path, "readme.mts"), await readmeProgram());
      const settings = ["--moduleResolution", resolution, "--module", module, "--target", "es2022"];
      const strict = ["--strict", "--noEmit", "--resolveJsonModule", "--skipLibCheck", "false"];
      const argv = [
        process.execPath,
        "--bun",
        tsc,
        ...strict,
        ...settings,
        "use.mts",
        "readme.mts",
      ];
      const child = Bun.spawn(argv, { cwd: program.path, stdout: "pipe" });
      expect(await new Response(child.stdout).text()).toBe("");
      await program.close();
    });
  }

  test("runs in Bun", async () => expect(await run(process.execPath)).toEqual(expected));

  test.skipIf(!node)("runs in Node (needs node)", async () => {
    expect(await run(node ?? "")).toEqual(expected);
  });

  test.skipIf(!deno)("runs in Deno (needs deno)", async () => {
    expect(await run(deno ?? "", "run", "--allow-read")).toEqual(expected);
  });

  describe.skipIf(!findBrowser())("in a browser (needs Chromium)", () => {
    test("runs in a page and in a worker", async () => {
      const server = Bun.serve({
        port: 0,
        fetch: ({ url }) => {
          const name = new URL(url).pathname.slice(1);
          const type = { "Content-Type": "text/javascript" };
          if (name === "worker.js") {
            return new Response(`${program("./index.js")}postMessage(result);`, { headers: type });
          }
          if (name === "")
            return new Response("<!doctype html>", { headers: { "Content-Type": "text/html" } });
          if (name === "favicon.ico") return new Response(null, { status: 204 });
          return new Response(Bun.file(join(folder.path, name)), { headers: type });
        },
      });
      const browser = await openBrowser();
      try {
        const page = await browser.newPage();
        await page.goto(server.url.href);
        const source = `(async () => {${program("x").replace(/^import.*$/m, 'const { signProxyUrl, verifyWebhook } = await import("/index.js");')}return result;})()`;
        expect(JSON.parse(await page.evaluate(source))).toEqual(expected);
        const answer = await page.evaluate<string>(
          `new Promise((resolve) => {
            new Worker("/worker.js", { type: "module" }).onmessage = ({ data }) => resolve(data);
          })`,
        );
        expect(JSON.parse(answer)).toEqual(expected);
      } finally {
        await browser.close();
        await server.stop(true);
      }
    });
  });
});
