import { statfsSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { type App, openApp } from "../../app.ts";
import { type Config, type ParsedConfig, parseConfig } from "../../config.ts";
import { createLog, isTextLog, type Log } from "../../log.ts";
import { version } from "../../version.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { type Io, say } from "../io.ts";
import { buildTarget } from "../version.ts";
import { banner, type ServerFacts } from "./banner.ts";
import { hearSignals } from "./stop-signals.ts";

/**
 * Serves until a signal asks it to end, then drains: what runs may finish for a while. A second
 * signal ends it at once.
 * @throws AppError naming what could not be read or opened.
 */
export async function serve(io: Io, flags: Readonly<Record<string, string>>): Promise<ExitCode> {
  const parsed = parseConfig({ ...io, flags });
  const log = openLog(io, parsed);
  const stop = hearSignals(io);
  // One forgotten promise is a fault to be mended, and no reason to drop everybody else's work.
  const forgetUnhandled = io.onUnhandled((error) => log.error("unhandled_rejection", { error }));
  try {
    const served = serveUntil(stop.asked, io, parsed.config, log);
    const isDrained = await Promise.race([served, stop.insisted.then(() => false)]);
    if (!isDrained) log.warn("stopped at once: what was running goes on at the next start");
    return isDrained ? exitCodes.ok : exitCodes.failure;
  } finally {
    stop.forget();
    forgetUnhandled();
  }
}

async function serveUntil(
  asked: Promise<string>,
  io: Io,
  config: Config,
  log: Log,
): Promise<boolean> {
  const app = await openApp(config, { log });
  announce(io, factsOf(config, app), { config, log });
  // The code that only a start needs is some 4 MB, which is given back at the next idle moment.
  Bun.shrink();
  const signal = await asked;
  log.info("stopping: what runs may finish; a second signal ends it at once", { signal });
  await app.close();
  log.info("stopped");
  return true;
}

function openLog(io: Io, { config, warnings, given, secrets }: ParsedConfig): Log {
  const log = createLog(config.log, {
    write: (line) => io.stderr.write(line),
    isTerminal: io.stderr.isTTY === true,
    now: io.now,
    secrets,
  });
  for (const warning of warnings) log.warn(warning);
  if (Object.keys(given).length > 0) log.info("settings", given);
  return log;
}

/** A person gets the banner; a log gets the same facts, and stdout the link alone. */
function announce(
  io: Io,
  facts: ServerFacts,
  { config, log }: { readonly config: Config; readonly log: Log },
): void {
  const isText = isTextLog(config.log, io.stderr.isTTY === true);
  if (isText) {
    say(io, banner(facts));
    return;
  }
  // The link is for whoever reads what the server prints, and not for where the log is sent.
  const { setupUrl, ...told } = facts;
  log.info("listening", { ...told, hasSetupLink: setupUrl !== undefined });
  say(io, `listening on ${facts.url}`);
  if (setupUrl !== undefined) say(io, `no administrator yet: open ${setupUrl}`);
}

function factsOf(config: Config, app: App): ServerFacts {
  const { tool } = app;
  return {
    version,
    target: buildTarget(),
    dataDir: config.dataDir,
    isNew: app.isNew,
    freeBytes: freeBytes(config.dataDir),
    database: config.database.kind,
    storage: config.storage.kind,
    secret: app.secretOrigin,
    ffmpeg: `${tool.version} (${tool.kind === "library" ? "node-av" : tool.argv[0]})`,
    vision: "local",
    motion: "local",
    url: config.listen.kind === "unix" ? config.listen.path : app.url,
    hasDemo: app.hasDemo,
    setupUrl: app.setupUrl,
    publicUrl: config.baseUrl,
    networkUrls: networkUrls(config, app),
  };
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Where others find a listener on all addresses; nobody can follow a link to 0.0.0.0. */
function networkUrls({ listen, baseUrl }: Config, { url }: App): readonly string[] {
  const isWildcard = listen.kind === "tcp" && ["0.0.0.0", "::"].includes(listen.host);
  if (!isWildcard || baseUrl !== undefined) return [];
  const { port } = new URL(url);
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => `http://${address}:${port}`);
}
