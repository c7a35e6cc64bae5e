import { join } from "node:path";
import { freePort, type Server, serverCore, startServer } from "./server.ts";

/** Varnish with its cache in memory, in front of the nginx that serves the file. */
export async function startVarnish(spec: {
  readonly folder: string;
  readonly backend: Server;
}): Promise<Server> {
  const port = freePort();
  const listen = ["-a", `127.0.0.1:${port}`, "-b", `127.0.0.1:${spec.backend.port}`];
  const memory = ["-s", "malloc,256m", "-p", "thread_pools=1"];
  return startServer({
    name: "varnish",
    // Without a jail it keeps its files in a folder of ours, whoever starts it.
    command: [
      "varnishd",
      "-F",
      "-j",
      "none",
      "-n",
      join(spec.folder, "varnish"),
      ...listen,
      ...memory,
    ],
    port,
    readyPath: "/pending",
    core: serverCore,
  });
}
