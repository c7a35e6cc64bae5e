import type { ProxyProject } from "../../src/projects/proxy-project.ts";

/** A project that takes plain URLs from one origin, and has decided nothing itself. */
export const plainProxyProject: ProxyProject = {
  id: "proj_1",
  ownerId: "usr_1",
  proxyKey: "pk_4f3A9mK2nQ7rT8vX1yZ5bC6d",
  allowedOrigins: ["https://acme.com"],
  signing: undefined,
  defaultMotion: "medium",
  defaultMode: "loop",
  defaultDurSeconds: 4,
  pendingMode: "json",
};
