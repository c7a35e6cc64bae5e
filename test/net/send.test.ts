import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { hasNetworkNamespaces } from "../support/namespaces.ts";
import { okAnswer, startRawServer } from "../support/raw-server.ts";

const support = join(import.meta.dir, "../support");
const certificates = join(import.meta.dir, "../fixtures/tls");

/** The lines that a program of test/support prints in these surroundings. */
async function linesOf(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const child = Bun.spawn([...command], {
    env: { PATH: process.env["PATH"], ...environment },
    stdout: "pipe",
    stderr: "inherit",
  });
  return (await new Response(child.stdout).text()).trim().split("\n");
}

const download = (urls: readonly string[], environment: Readonly<Record<string, string>>) =>
  linesOf([process.execPath, join(support, "download-sources.ts"), ...urls], environment);

describe("a request goes straight to its address", () => {
  test.each(["HTTP_PROXY", "http_proxy", "ALL_PROXY"])(
    "though %s names a proxy [S13]",
    async (variable) => {
      let asked = 0;
      const proxy = startRawServer((connection) => {
        asked += 1;
        connection.end(okAnswer("from the proxy"));
      });
      const server = startRawServer((c) => c.end(okAnswer("from the source")), "127.0.0.2");
      const lines = await download(
        [`http://named.test:${server.port}/`, "http://127.0.0.1/", "http://10.0.0.1/"],
        { [variable]: `http://127.0.0.1:${proxy.port}` },
      );
      expect(lines).toEqual([
        "fetched from the source",
        "source_unfetchable the source could not be fetched from 127.0.0.1: " +
          "expected a public address that answers",
        "source_unfetchable the source could not be fetched from 10.0.0.1: " +
          "expected a public address that answers",
      ]);
      expect(asked).toBe(0);
      proxy.close();
      server.close();
    },
  );

  test.skipIf(!hasNetworkNamespaces())(
    "and none reaches the cloud's metadata [S07, S09, S10]",
    async () => {
      const addresses = ["169.254.169.254", "93.184.216.34"];
      const setUp = addresses.map((address) => `ip address add ${address}/32 dev lo`).join(" && ");
      const command = `ip link set lo up && ${setUp} && exec "$@"`;
      const program = [process.execPath, join(support, "metadata-canary.ts")];
      expect(await linesOf(["unshare", "-rn", "sh", "-c", command, "sh", ...program])).toEqual([
        "unguarded credentials",
        "http://public.test/ public",
        "http://169.254.169.254/ source_unfetchable",
        "http://0xa9fea9fe/ source_unfetchable",
        "http://[::ffff:169.254.169.254]/ source_unfetchable",
        "http://metadata.test/ source_unfetchable",
        "http://mixed.test/ source_unfetchable",
        "http://public.test/?to=http://169.254.169.254/ source_unfetchable",
        "http://public.test/?to=http://metadata.test/ source_unfetchable",
        "http://rebinding.test/ public",
        "canary 0",
      ]);
    },
  );
});

describe("a certificate", () => {
  const servers: { stop(closeNow: boolean): Promise<void> }[] = [];
  const ports: Record<string, number> = {};
  beforeAll(async () => {
    for (const name of ["valid", "expired", "self-signed"]) {
      const pem = await Bun.file(join(certificates, `${name}.pem`)).text();
      const server = Bun.serve({
        hostname: "127.0.0.2",
        port: 0,
        tls: { cert: pem, key: pem },
        fetch: (request) =>
          request.url.endsWith("/down")
            ? Response.redirect(`http://good.test/`)
            : new Response(`over TLS for ${request.headers.get("host")}`),
      });
      servers.push(server);
      ports[name] = server.port ?? 0;
    }
  });
  afterAll(async () => {
    for (const server of servers) await server.stop(true);
  });

  const failed = (host: string) =>
    `source_unfetchable the source could not be fetched from ${host}: ` +
    "expected a public address that answers";

  test("is checked against the name in the URL, each time anew [S23, S29]", async () => {
    const lines = await download(
      [
        `https://good.test:${ports["valid"]}/`,
        `https://other.test:${ports["valid"]}/`,
        `https://127.0.0.2:${ports["valid"]}/`,
        `https://good.test:${ports["expired"]}/`,
        `https://good.test:${ports["self-signed"]}/`,
        `https://good.test:${ports["valid"]}/down`,
      ],
      { NODE_EXTRA_CA_CERTS: join(certificates, "authority.pem") },
    );
    expect(lines).toEqual([
      `fetched over TLS for good.test:${ports["valid"]}`,
      `${failed("other.test")} ERR_TLS_CERT_ALTNAME_INVALID`,
      `${failed("127.0.0.2")} ERR_TLS_CERT_ALTNAME_INVALID`,
      `${failed("good.test")} CERT_HAS_EXPIRED`,
      `${failed("good.test")} DEPTH_ZERO_SELF_SIGNED_CERT`,
      "source_unfetchable a redirect of the source leads from https to http",
    ]);
  });

  test("is checked though the environment switches checks off", async () => {
    const lines = await download([`https://good.test:${ports["self-signed"]}/`], {
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
    });
    expect(lines).toEqual([`${failed("good.test")} DEPTH_ZERO_SELF_SIGNED_CERT`]);
  });
});
