import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { hasMountNamespaces } from "../../support/namespaces.ts";
import { openTemporaryDirectory } from "../../support/temporary-directory.ts";

const program = join(import.meta.dir, "../../support/full-disk-program.ts");

describe.skipIf(!hasMountNamespaces())("a full disk (needs a mount namespace)", () => {
  test("refuses writes, goes on reading, heals by itself [D01, D03]", async () => {
    const folder = await openTemporaryDirectory();
    const mount = 'mount -t tmpfs -o size=4m tmpfs "$1" && exec "$2" "$3" "$1"';
    const child = Bun.spawn(
      ["unshare", "-rm", "sh", "-c", mount, "sh", folder.path, process.execPath, program],
      { stdout: "pipe", stderr: "inherit" },
    );
    const output = await new Response(child.stdout).text();
    await folder.close();
    expect(JSON.parse(output)).toEqual({
      before: "written",
      full: ["unavailable", "unavailable"],
      check: "unavailable",
      readWhileFull: "before",
      after: "written",
      readAfter: "after before",
      integrity: "ok",
    });
  });
});
