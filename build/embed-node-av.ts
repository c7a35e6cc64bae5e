import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BunPlugin } from "bun";

/** Slow, and done once for each version: it takes the library from 175 MB to about 42 MB. */
const compressionLevel = 19;

/**
 * Puts node-av's library, compressed, into the executable, and a loader that unpacks it. The
 * outcome is for one's own use and is not to be published: see docs/decisions/licences.md.
 */
export async function embedNodeAv(system: string, root: string): Promise<BunPlugin> {
  const library = join(root, `node_modules/@seydx/node-av-${system}/node-av.node`);
  if (!existsSync(library)) throw new Error(`node-av for ${system} is not installed: ${library}`);
  const bytes = await Bun.file(library).bytes();
  const id = `node-av-${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}`;
  const packed = join(root, "node_modules/.cache", `${id}.zst`);
  if (!existsSync(packed)) {
    mkdirSync(join(packed, ".."), { recursive: true });
    await Bun.write(packed, await Bun.zstdCompress(bytes, { level: compressionLevel }));
  }
  return {
    name: "embed-node-av",
    setup(build) {
      build.onLoad({ filter: /[\\/]node-av[\\/]dist[\\/]lib[\\/]binding\.js$/ }, () => ({
        loader: "js",
        contents: loaderOf(id, packed, root),
      }));
    },
  };
}

function loaderOf(id: string, packed: string, root: string): string {
  return `import packed from ${JSON.stringify(packed)} with { type: "file" };
import { withUnpacked } from ${JSON.stringify(join(root, "src/native/unpack.ts"))};
const loaded = { exports: {} };
withUnpacked(${JSON.stringify(id)}, [{ from: packed, to: "node-av.node.zst" }], (folder) =>
  process.dlopen(loaded, folder + "/node-av.node"));
export const bindings = loaded.exports;`;
}
