// What the scripts of package.json call: plain Node and nothing installed. It puts the pinned Bun
// and the locked packages in place when they are missing or out of date, and then runs Bun.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { closingLine } from "./closing-line.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bun = join(root, "node_modules", "bun", "bin", "bun.exe"); // so named on every system
const isWindows = process.platform === "win32";
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };
const parentLookMs = 250;
/** A test that hangs is found all the same, and a busy machine fails none that does not. */
const testTimeoutMs = 30_000;
const stamp = join(root, "node_modules", ".installed-lock");

const bunVersion = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).dependencies.bun;
const advice = `
Bun ${bunVersion} could not be installed. Is the package registry reachable? Where npm is set to run
no install scripts (ignore-scripts), run this first: npm install --ignore-scripts`;

/** A tool from node_modules, run by Bun itself: several want a newer Node than the machine's. */
const tool = (name, ...args) => ["run", "--silent", "--bun", name, ...args];

/** For each script, the Bun commands it is made of; the first that fails ends it. */
const scripts = {
  start: (args) => [["src/main.ts", "serve", ...args]],
  motioness: (args) => [["src/main.ts", ...args]],
  test: (args) => [["test", "--timeout", String(testTimeoutMs), ...args]],
  lint: () => [tool("biome", "check", "--error-on-warnings"), tool("tsc"), tool("knip")],
  check: (args) => [...scripts.lint(), ...scripts.test(args)],
  format: () => [["build/readme.ts"], tool("biome", "check", "--write")],
  kernel: () => [["build/kernel.ts"]],
  sight: () => [["build/sight.ts"]],
  notices: () => [["build/notices.ts"]],
  types: () => [["build/api-types.ts"]],
  client: () => [["build/client.ts"]],
  build: (args) => [["build/executable.ts", ...args]],
  bench: (args) => [["bench/main.ts", ...args]],
  gallery: (args) => [["bench/gallery/main.ts", ...args]],
};

const [name = "", ...args] = process.argv.slice(2);
if (!Object.hasOwn(scripts, name)) {
  console.error(`usage: node build/run.mjs ${Object.keys(scripts).join("|")} [arguments]`);
  process.exit(2);
}
process.chdir(root);
process.exitCode = (await install()) || (await runAll(scripts[name](args)));

/** Brings node_modules to what bun.lock says; does nothing when that was done already. */
async function install() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "bun.lock")))
    .digest("hex");
  if (hasBun() && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return 0;
  console.error("Installing what is missing (only the package registry is asked) …");
  // The output goes to stderr: stdout belongs to the script that was asked for.
  const stdio = ["ignore", 2, 2];
  // Where npm runs no install scripts, a placeholder is what it leaves of Bun.
  if (hasPackage() && !hasBun()) {
    await run(process.execPath, ["install.js"], { stdio, cwd: join(root, "node_modules/bun") });
  }
  const options = ["install", "--frozen-lockfile"];
  const code = hasBun()
    ? await run(bun, options, { stdio })
    : await run("npx", ["-y", `bun@${bunVersion}`, ...options], { stdio, shell: isWindows });
  if (code === 0 && hasBun()) writeFileSync(stamp, wanted);
  else console.error(advice);
  return code === 0 && !hasBun() ? 1 : code;
}

function hasPackage() {
  const manifest = join(root, "node_modules/bun/package.json");
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).version === bunVersion;
}

/** Whether the real executable is there, and not the script of 450 bytes that stands in for it. */
function hasBun() {
  return hasPackage() && existsSync(bun) && statSync(bun).size > 1_000_000;
}

async function runAll(commands) {
  for (const command of commands) {
    const code = command[0] === "test" ? await runTests(command) : await run(bun, command);
    if (code !== 0) return code;
  }
  return 0;
}

/** `bun test` as it is, and then one plain line of counts that other programs can read. */
async function runTests(command) {
  let output = "";
  const code = await run(bun, command, {
    stdio: ["inherit", "pipe", "pipe"],
    onOutput: (text, stream) => {
      stream.write(text);
      output = (output + text).slice(-100_000);
    },
  });
  console.log(`\n${closingLine(output, code)}`);
  return code;
}

/** Runs a command to its end; signals sent to this process reach it. */
function run(command, args, { stdio = "inherit", shell = false, cwd = root, onOutput } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio, shell });
    // A terminal's Ctrl-C reaches the child on its own too: it counts signals of one moment once.
    const forward = (signal) => child.kill(signal);
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, forward);
    if (onOutput) {
      for (const [from, to] of [
        [child.stdout, process.stdout],
        [child.stderr, process.stderr],
      ]) {
        from.setEncoding("utf8").on("data", (text) => onOutput(text, to));
      }
    }
    const forgetParent = whenOrphaned(() => child.kill("SIGTERM"));
    const end = (code) => {
      for (const signal of signals) process.off(signal, forward);
      forgetParent();
      resolve(code);
    };
    child.on("error", (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      end(1);
    });
    child.on("close", (code, signal) => end(code ?? 128 + (signalNumbers[signal] ?? 0)));
  });
}

/**
 * npm hands a signal to the shell that it started, and the shell dies of it without a word to us:
 * all that can be seen is another parent.
 */
function whenOrphaned(act) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    act();
  }, parentLookMs);
  return () => clearInterval(timer);
}
