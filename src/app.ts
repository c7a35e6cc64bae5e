import { existsSync } from "node:fs";
import { createPasswords } from "./accounts/passwords.ts";
import { ensureWayIn } from "./accounts/setup.ts";
import { openDesk } from "./app/desk.ts";
import { openFront } from "./app/front.ts";
import { openGround } from "./app/ground.ts";
import { openWork, type Work } from "./app/work.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Closers, createClosers } from "./closers.ts";
import type { ServerSecret } from "./config/server-secret.ts";
import type { Config } from "./config.ts";
import { openDataDirLock } from "./db/data-dir-lock.ts";
import { animateSamples, openDemo } from "./demo.ts";
import { isLoopbackHost } from "./http/listen.ts";
import type { Log } from "./log.ts";
import type { MediaTool } from "./media/media.ts";
import { openMediaWith, resolveTool } from "./media/open-media.ts";
import { openSight } from "./vision/open-sight.ts";

/** A running server. */
export interface App {
  /** As this machine reaches it. */
  readonly url: string;
  readonly tool: MediaTool;
  readonly secretOrigin: ServerSecret["origin"];
  /** Whether the data folder was made by this start. */
  readonly isNew: boolean;
  readonly hasDemo: boolean;
  /** Makes the first administrator, once and for half an hour; undefined when there is one. */
  readonly setupUrl: string | undefined;
  /** Ends streams and requests, lets running jobs finish for a while, hands back the rest. */
  close(): Promise<void>;
}

export interface AppDeps {
  readonly log: Log;
  readonly clock?: Clock;
}

/**
 * The composition root: opens everything in its order, wires it, and closes it in reverse.
 * @throws AppError naming what could not be opened; nothing stays open then.
 */
export async function openApp(config: Config, deps: AppDeps): Promise<App> {
  const closers = createClosers(deps.log);
  try {
    return await open(config, { clock: systemClock, ...deps }, closers);
  } catch (thrown) {
    await closers.closeAll();
    throw thrown;
  }
}

async function open(config: Config, deps: Required<AppDeps>, closers: Closers): Promise<App> {
  const isNew = !existsSync(config.dataDir);
  const lock = openDataDirLock(config.dataDir);
  closers.add(() => lock.close());
  // Before there is a database: a depth model that cannot be used is a setting that is wrong.
  const sight = openSight(deps, config.sight);
  closers.add(() => sight.close());
  await sight.check();
  const ground = await openGround(config, deps, closers, lock);
  const demo = isDemoWanted(config) ? await openDemo(ground) : undefined;
  let work: Work | undefined;
  // Added before the front door is: that one closes first, so that nothing new is asked for.
  closers.add(() => work?.close());
  const passwords = createPasswords();
  const setupToken = await ensureWayIn({ ...ground, passwords }, config.firstAdmin);
  const found = Promise.withResolvers<MediaTool>();
  const desk = openDesk(ground, found.promise, () => work);
  const http = await openFront({ ...ground, passwords }, desk, demo, closers);
  desk.place(http);
  // The server answers before: asking ffmpeg what it can do takes longer than all the rest.
  resolveTool(config.media).then(found.resolve, found.reject);
  const tool = await found.promise;
  const { baseUrl } = http;
  work = await openWork({ ...ground, ...desk, baseUrl, sight, media: openMediaWith(tool) });
  const hasDemo = demo !== undefined && http.isLoopback && (await demo.isOn());
  if (hasDemo) {
    closers.add(animateSamples({ ...ground, ...desk, baseUrl: http.baseUrl }, demo).close);
  }
  return {
    url: http.url,
    tool,
    secretOrigin: ground.secret.origin,
    isNew,
    hasDemo,
    setupUrl: setupToken && `${http.baseUrl}/setup#token=${setupToken}`,
    close: closers.closeAll,
  };
}

/** The demo is for who sits at this machine: never on an address that others can reach. */
function isDemoWanted({ demo, listen }: Config): boolean {
  return demo === "auto" && listen.kind === "tcp" && isLoopbackHost(listen.host);
}
