import { expect } from "bun:test";
import type { Page } from "playwright-core";
import type { WatchedPage, WatchOptions } from "./browser.ts";
import { openBrowser, openWatched } from "./browser.ts";
import type { Script, ScriptedServer } from "./scripted-server.ts";
import { openScriptedServer } from "./scripted-server.ts";

export interface Visits {
  /** Opens the page of a scripted server, and checks afterwards that it did nothing wrong. */
  visit(
    script: Script,
    work: (page: Page, server: ScriptedServer) => Promise<void>,
    options?: WatchOptions,
  ): Promise<void>;
  close(): Promise<void>;
}

/** One browser for many visits, each with a server and a profile of its own. */
export async function openVisits(): Promise<Visits> {
  const browser = await openBrowser();
  return {
    async visit(script, work, options) {
      const server = await openScriptedServer(script);
      let watched: WatchedPage | undefined;
      try {
        watched = await openWatched(browser, server.url, options);
        await work(watched.page, server);
        expect(watched.faults).toEqual([]);
      } finally {
        await watched?.close();
        await server.close();
      }
    },
    close: () => browser.close(),
  };
}
