import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, type Server, type ServerSpec, serverCore, startServer } from "./server.ts";

/** nginx as it is tuned for small files on one core: the anchor of the hot path and of SSE. */

export interface NginxSpec {
  /** An own folder: configuration, temporary files and, under `html`, what is served. */
  readonly folder: string;
  /** Adds an nchan publisher at `/pub` and an event stream at `/sub`. */
  readonly withNchan?: boolean;
}

/** Starts nginx with one worker on the server's core. */
export async function startNginx(spec: NginxSpec): Promise<Server> {
  return startServer(await prepareNginx(spec));
}

/** Writes the configuration of an nginx that can then be started. */
export async function prepareNginx(spec: NginxSpec): Promise<ServerSpec> {
  const port = freePort();
  const modules = spec.withNchan ? await findModules() : undefined;
  await mkdir(join(spec.folder, "html", "v1"), { recursive: true });
  await writeFile(join(spec.folder, "nginx.conf"), nginxConfig({ ...spec, port, modules }));
  return {
    name: spec.withNchan ? "nchan" : "nginx",
    command: ["nginx", "-p", spec.folder, "-c", "nginx.conf", "-e", "stderr", "-g", "daemon off;"],
    port,
    readyPath: nginxPendingPath,
    core: serverCore,
  };
}

export const nginxClipPath = "/v1/clip.mp4";
export const nginxPendingPath = "/pending";
export const nginxPublishPath = "/pub";
export const nginxSubscribePath = "/sub";

const pendingJson = '{"status":"pending","asset_id":"0123456789abcdef","eta_seconds":28}';

/** The configuration; started as root, the worker must stay root to read a private folder. */
export function nginxConfig(options: {
  readonly folder: string;
  readonly port: number;
  readonly modules: string | undefined;
}): string {
  const { folder, modules } = options;
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `  ${name}_temp_path ${join(folder, name)};`)
    .join("\n");
  return `${modules === undefined ? "" : `load_module ${modules}/ngx_nchan_module.so;\n`}\
${process.getuid?.() === 0 ? "user root;\n" : ""}\
worker_processes 1;
worker_rlimit_nofile 20000;
pid ${join(folder, "nginx.pid")};
events { worker_connections 16000; }
http {
${temporary}
  access_log off;
  types { video/mp4 mp4; }
  default_type application/octet-stream;
  sendfile on; tcp_nopush on; tcp_nodelay on; etag on;
  open_file_cache max=1000 inactive=60s;
  open_file_cache_valid 60s;
  keepalive_requests 10000000;
  server {
    listen 127.0.0.1:${options.port} backlog=4096;
    root ${join(folder, "html")};
    location /v1/ {
      add_header Cache-Control "public, max-age=31536000, immutable";
      add_header X-Motioness-Stage ready;
    }
    location = ${nginxPendingPath} {
      default_type application/json;
      return 202 '${pendingJson}';
    }
${modules === undefined ? "" : nchanLocations}\
  }
}
`;
}

const nchanLocations = `\
    location = ${nginxPublishPath} {
      nchan_publisher; nchan_channel_id bench; nchan_message_buffer_length 20;
    }
    location = ${nginxSubscribePath} {
      nchan_subscriber eventsource; nchan_channel_id bench; nchan_eventsource_ping_interval 15;
    }
`;

async function findModules(): Promise<string> {
  const child = Bun.spawn(["nginx", "-V"], { stdout: "ignore", stderr: "pipe" });
  const path = parseModulesPath(await new Response(child.stderr).text());
  if (path === undefined) throw new Error("`nginx -V` does not say where its modules lie");
  return path;
}

/** The folder of dynamic modules, out of what `nginx -V` prints. */
export function parseModulesPath(text: string): string | undefined {
  return /--modules-path=(\S+)/.exec(text)?.[1];
}
