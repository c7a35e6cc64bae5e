import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { makeBrightnessModel } from "../support/onnx-maker.ts";
import { type ServerProcess, startServerProcess } from "../support/server-process.ts";

const root = join(import.meta.dir, "../..");
const executable = process.env["MOTIONESS_TEST_EXECUTABLE"];
const samples = join(root, "assets/samples");
const home = mkdtempSync(join(tmpdir(), "executable-"));
const servers: ServerProcess[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop("SIGKILL"))));
afterAll(() => rmSync(home, { recursive: true }));

/** The directories of the system's commands; a machine without ffmpeg is one without them. */
const systemPath = "/usr/local/bin:/usr/bin:/bin";
const quick = ["--dur", "2", "--size", "320"];

describe.skipIf(executable === undefined)("the executable, alone in an empty folder", () => {
  test("says what it is, down to sharp and SQLite, and writes nothing there", async () => {
    const { code, stdout, folder } = await runAlone(["version", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      motioness: packageJson.version,
      commit: expect.stringMatching(/^([0-9a-f]{12}|unknown)/),
      bun: packageJson.dependencies.bun,
      sqlite: expect.stringMatching(/^3\./),
      sharp: packageJson.dependencies.sharp,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("shows its help", async () => {
    const { code, stdout } = await runAlone(["--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("animate [options] <picture...>");
  });

  test("animates to the same bytes as the program run from source", async () => {
    const alone = await runAlone(["animate", "cat.jpg", ...quick], { path: systemPath });
    expect(alone).toMatchObject({ code: 0 });
    const sourced = emptyFolder();
    const args = ["animate", "cat.jpg", ...quick];
    const fromSource = await run([process.execPath, join(root, "src/main.ts"), ...args], sourced, {
      path: systemPath,
    });
    expect(fromSource).toMatchObject({ code: 0 });
    expect(readdirSync(alone.folder).sort()).toEqual(["cat.jpg", "cat.mp4"]);
    expect(await hashOf(alone.folder, "cat.mp4")).toBe(await hashOf(sourced, "cat.mp4"));
  }, 60_000);

  test("makes another clip of another seed", async () => {
    const [one, two] = await Promise.all(
      ["1", "2"].map((seed) =>
        runAlone(["animate", "cat.jpg", ...quick, "--seed", seed], { path: systemPath }),
      ),
    );
    expect(await hashOf(one?.folder ?? "", "cat.mp4")).not.toBe(
      await hashOf(two?.folder ?? "", "cat.mp4"),
    );
  }, 60_000);

  test("sees who is in a picture, with nothing beside it", async () => {
    const { code, stdout, folder } = await runAlone(
      ["animate", "portrait.jpg", ...quick, "--json"],
      {
        path: systemPath,
      },
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      caption: "a person, warm light",
      plan: { camera: "parallax", people: { width: 128 }, rigid: [{ width: expect.any(Number) }] },
    });
    expect(readdirSync(folder).sort()).toEqual(["portrait.jpg", "portrait.mp4"]);
  }, 60_000);

  test("runs a depth model, and refuses to start with a file that is none", async () => {
    const model = join(home, "depth.onnx");
    await Bun.write(model, makeBrightnessModel({ side: 64 }));
    const args = ["animate", "portrait.jpg", ...quick, "--json"];
    const environment = { MOTIONESS_DEPTH_MODEL: model };
    const deep = await runAlone(args, { path: systemPath, environment });
    expect(deep.code).toBe(0);
    expect(JSON.parse(deep.stdout).plan.depth).toMatchObject({ width: 192, height: 192 });
    await Bun.write(model, "no model");
    const refused = await runAlone(args, { path: systemPath, environment });
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain("MOTIONESS_DEPTH_MODEL");
  }, 60_000);

  test("ends at once without an ffmpeg, and says what to install", async () => {
    const { code, stderr, folder } = await runAlone(["animate", "cat.jpg", ...quick]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/ffmpeg/);
    expect(stderr).toMatch(/install/);
    expect(readdirSync(folder)).toEqual(["cat.jpg"]);
    const served = await runAlone(["serve", "--listen", "127.0.0.1:0"]);
    expect(served.code).toBe(1);
    expect(served.stderr).toMatch(/install/);
  });

  test("serves the very bytes that it animates to without a server", async () => {
    const server = await serveAlone();
    const demo = (await (await fetch(`${server.url}/api/demo`)).json()) as Demo;
    const cat = demo.samples.find(({ title }) => title === "Cat")?.mp4_url;
    const served = await fetchClip(`${cat}?seed=7&dur=2&motion=subtle&wait_ms=10000`);
    const options = ["--seed", "7", "--dur", "2", "--motion", "subtle"];
    const { folder } = await runAlone(["animate", "cat.jpg", ...options], { path: systemPath });
    expect(hashOfBytes(served)).toBe(await hashOf(folder, "cat.mp4"));
    expect(await server.stop("SIGTERM")).toBe(0);
  }, 120_000);

  test("serves the page, is healthy, and drains when it is asked to end", async () => {
    const server = await serveAlone();
    const page = await fetch(server.url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("<title>Motioness</title>");
    expect((await runAlone(["health", "--url", server.url])).code).toBe(0);
    expect(await server.stop("SIGTERM")).toBe(0);
  }, 60_000);
});

interface RunOptions {
  readonly path?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs the executable in a folder that holds a sample at most, with next to no environment. */
async function runAlone(args: readonly string[], options: RunOptions = {}) {
  const folder = emptyFolder();
  return { ...(await run([executable ?? "", ...args], folder, options)), folder };
}

async function run(command: readonly string[], folder: string, options: RunOptions) {
  const { path = "", environment = {} } = options;
  for (const name of ["cat.jpg", "portrait.jpg"]) {
    if (command.includes(name)) cpSync(join(samples, name), join(folder, name));
  }
  const child = Bun.spawn([...command], {
    cwd: folder,
    env: { HOME: home, PATH: path, ...environment },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [code, stdout, stderr] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code, stdout, stderr };
}

function emptyFolder(): string {
  return mkdtempSync(join(home, "folder-"));
}

/** A server of the executable, with its data in a folder of its own. */
async function serveAlone(): Promise<ServerProcess> {
  const server = await startServerProcess({
    dataDir: join(emptyFolder(), "data"),
    command: [executable ?? "", "serve"],
    environment: { PATH: systemPath, HOME: home },
  });
  servers.push(server);
  return server;
}

interface Demo {
  readonly samples: readonly { readonly title: string; readonly mp4_url: string }[];
}

/** Asks until the clip is there; each try waits for it on the server. */
async function fetchClip(url: string): Promise<Uint8Array> {
  for (let tries = 0; tries < 10; tries++) {
    const answer = await fetch(url);
    if (answer.status === 200) return answer.bytes();
    if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
    await answer.body?.cancel();
  }
  throw new Error(`not made in time: ${url}`);
}

async function hashOf(folder: string, name: string): Promise<string> {
  return hashOfBytes(await Bun.file(join(folder, name)).bytes());
}

function hashOfBytes(bytes: Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
}
