import { describe, expect, test } from "bun:test";
import { nginxConfig, parseModulesPath } from "../../../bench/servers/nginx.ts";

describe("the nginx that is the anchor", () => {
  const config = nginxConfig({ folder: "/a/folder", port: 8080, modules: undefined });

  test("serves files with sendfile and open files kept, from one worker", () => {
    for (const line of ["sendfile on", "worker_processes 1", "open_file_cache max=1000"]) {
      expect(config).toContain(line);
    }
  });

  test("listens on this machine only, and writes nowhere but into its folder", () => {
    expect(config.match(/listen .*/g)).toEqual(["listen 127.0.0.1:8080 backlog=4096;"]);
    expect(config.match(/_temp_path (?!\/a\/folder\/)/g)).toBeNull();
  });

  test("has event streams only when asked", () => {
    expect(config).not.toContain("nchan");
    const withNchan = nginxConfig({ folder: "/a", port: 1, modules: "/usr/lib/nginx/modules" });
    expect(withNchan).toStartWith("load_module /usr/lib/nginx/modules/ngx_nchan_module.so;");
    expect(withNchan).toContain("nchan_subscriber eventsource");
  });

  test("finds its modules where its build says", () => {
    const text = "configure arguments: --prefix=/usr --modules-path=/usr/lib/nginx/modules --x";
    expect(parseModulesPath(text)).toBe("/usr/lib/nginx/modules");
    expect(parseModulesPath("nginx version: nginx/1.22.1")).toBeUndefined();
  });
});
