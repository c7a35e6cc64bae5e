import { rm } from "node:fs/promises";
import { connect } from "node:net";
import type { Server } from "bun";
import { AppError } from "../errors.ts";

/** Where to listen. Port 0 picks a free one. */
export type ListenAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** What a request came over. */
export type Connections = Pick<Server<undefined>, "requestIP" | "timeout">;

export interface Handlers {
  readonly handle: (request: Request, connections: Connections) => Response | Promise<Response>;
  /** What is left to say when a handler threw, or a body could not be read. */
  readonly onError: (error: Error) => Response;
}

/** Where the server came to listen. */
export interface Place {
  /** As this machine reaches it, without a slash at the end. */
  readonly url: string;
  /** Undefined on a socket file. */
  readonly port: number | undefined;
  /** Only browsers of this machine can reach it. */
  readonly isLoopback: boolean;
}

export interface Listener extends Place {
  /** Takes no more connections and waits for the answers under way, but not for long. */
  close(): Promise<void>;
}

/** A connection that is silent for this long is closed; a long poll of ten seconds must fit. */
const idleTimeoutSeconds = 30;
/**
 * The server's own limit answers without a body or a request id, so each route's own, which is far
 * lower, must see the request first. What a route does not read is not taken off the network.
 */
const bodyBytesMax = Number.MAX_SAFE_INTEGER;
const drainMs = 5000;

/**
 * Listens, and only then asks for the handlers: they may depend on the port that was picked.
 * @throws AppError `invalid_config` when the address cannot be listened on.
 */
export async function openListener(
  address: ListenAddress,
  createHandlers: (place: Place) => Handlers,
): Promise<Listener> {
  if (address.kind === "unix") await removeStaleSocket(address.path);
  const late: { handlers?: Handlers } = {};
  const server = serve(address, () => {
    if (late.handlers) return late.handlers;
    throw new Error("a request came in before listening had returned");
  });
  const place: Place = {
    url:
      address.kind === "tcp"
        ? `http://${urlHost(address.host)}:${server.port}`
        : "http://localhost",
    port: address.kind === "tcp" ? server.port : undefined,
    isLoopback: address.kind === "tcp" && isLoopbackHost(address.host),
  };
  late.handlers = createHandlers(place);
  return {
    ...place,
    async close() {
      const { promise: deadline, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, drainMs);
      await Promise.race([server.stop(), deadline]);
      clearTimeout(timer);
      await server.stop(true);
      if (address.kind === "unix") await rm(address.path, { force: true });
    },
  };
}

function serve(address: ListenAddress, handlers: () => Handlers): Server<undefined> {
  const common = {
    // Otherwise an error page shows code and paths of this machine.
    development: false,
    maxRequestBodySize: bodyBytesMax,
    fetch: (request: Request, server: Server<undefined>) => handlers().handle(request, server),
    error: (error: Error) => handlers().onError(error),
  };
  try {
    if (address.kind === "unix") return Bun.serve({ ...withTimeout(common), unix: address.path });
    const { host: hostname, port } = address;
    // Bun shares a port unless told not to: a second server would take requests of the first.
    const alone = { reusePort: false, idleTimeout: idleTimeoutSeconds };
    return Bun.serve({ ...common, ...alone, hostname, port });
  } catch (cause) {
    throw new AppError("invalid_config", problemWith(address, cause), { cause });
  }
}

/** A socket file has no setting for all of its connections. */
function withTimeout<T extends { fetch(request: Request, server: Server<undefined>): unknown }>(
  options: T,
): T {
  const fetch: T["fetch"] = (request, server) => {
    server.timeout(request, idleTimeoutSeconds);
    return options.fetch(request, server);
  };
  return { ...options, fetch };
}

/** A killed process leaves its socket file behind, and nobody can listen there until it is gone. */
async function removeStaleSocket(path: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const socket = connect(path, () => resolve(undefined));
  socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
  const code = await promise;
  socket.destroy();
  if (code === "ECONNREFUSED") await rm(path, { force: true });
}

function problemWith(address: ListenAddress, cause: unknown): string {
  const place = address.kind === "tcp" ? `${address.host}:${address.port}` : address.path;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: "it is in use by another program; stop that one, or set MOTIONESS_LISTEN",
    EACCES: "this user may not; choose a port above 1023 or another folder with MOTIONESS_LISTEN",
    ENOENT: "the folder does not exist; make it, or set MOTIONESS_LISTEN",
    EADDRNOTAVAIL: "this machine does not have that address; set MOTIONESS_LISTEN to one it has",
  };
  return `cannot listen on ${place}: ${reasons[code] ?? String(cause)}`;
}

/** A wildcard address is one to listen on, none to go to. */
function urlHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

/** Whether what listens on `host` can be reached from this machine only. */
export function isLoopbackHost(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
