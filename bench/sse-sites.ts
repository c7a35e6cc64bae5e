import { join } from "node:path";
import { seedPending } from "./seed.ts";
import { nginxPublishPath, nginxSubscribePath, startNginx } from "./servers/nginx.ts";
import { freePort, type Server, serverCore, startServer } from "./servers/server.ts";

/** A server of event streams, where its stream lies, and how something is published to it. */
export interface EventSite {
  readonly server: Server;
  readonly path: string;
  /** Publishes an event that holds `mark`; resolves when the server has taken it. */
  publish(mark: string): Promise<void>;
}

type Defer = (close: () => unknown) => void;

/** nginx with nchan, which keeps its events in memory. */
export async function openNchan(folder: string, defer: Defer): Promise<EventSite> {
  const server = await startNginx({ folder, withNchan: true });
  defer(server.stop);
  return {
    server,
    path: nginxSubscribePath,
    publish: (mark) => post(server.port, nginxPublishPath, payloadLike(mark)),
  };
}

/** Ours, which commits each event to the log before it tells anybody. */
export async function openOurEvents(dataDir: string, defer: Defer): Promise<EventSite> {
  const { project, generation } = await seedPending(dataDir);
  const [port, publishPort] = [freePort(), freePort()];
  const script = join(import.meta.dir, "event-server.ts");
  const ports = [String(port), String(publishPort)];
  const path = `/v1/${project.proxyKey}/events/${generation.asset_id}`;
  const server = await startServer({
    name: "ours",
    command: [process.execPath, script, dataDir, ...ports, generation.id],
    port,
    readyPath: "/healthz",
    core: serverCore,
  });
  defer(server.stop);
  return { server, path, publish: (mark) => post(publishPort, "/", mark) };
}

async function post(port: number, path: string, body: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`an event was refused with ${response.status}`);
}

/** As many bytes as one of our events carries. */
function payloadLike(mark: string): string {
  return JSON.stringify({
    stage: "stage1",
    asset_id: "0123456789abcdef",
    attempt: 1,
    request_id: mark,
    ts: Date.now(),
  });
}
