import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BunPlugin } from "bun";

interface NativeFile {
  readonly from: string;
  readonly to: string;
}

/**
 * sharp finds its native parts through `createRequire`, where the bundler does not follow. This
 * puts a loader in their place that carries them in the executable and unpacks them at first use.
 * @param system as sharp names it: `linux-x64`, `darwin-arm64`, …
 */
export function embedSharp(system: string, root: string): BunPlugin {
  return {
    name: "embed-sharp",
    setup(build) {
      build.onLoad({ filter: /[\\/]sharp[\\/]dist[\\/]sharp\.[cm]js$/ }, ({ path }) => ({
        loader: "js",
        contents: loaderOf(nativeFiles(system, root), root, path.endsWith(".mjs")),
      }));
    },
  };
}

/** Both packages keep their names: the library looks for libvips in a folder beside its own. */
function nativeFiles(system: string, root: string): readonly NativeFile[] {
  const images = join(root, "node_modules", "@img");
  const files = [`sharp-${system}`, `sharp-libvips-${system}`].flatMap((name) => {
    const library = join(images, name, "lib");
    return (existsSync(library) ? readdirSync(library) : [])
      .filter((file) => /\.(node|dll|dylib)$|\.so\./.test(file))
      .map((file) => ({ from: join(library, file), to: `${name}/lib/${file}` }));
  });
  if (!files.some(({ to }) => to.endsWith(".node"))) {
    throw new Error(
      `sharp for ${system} is not installed: run \`bun install --os=… --cpu=…\` for that system`,
    );
  }
  return files;
}

function loaderOf(files: readonly NativeFile[], root: string, isModule: boolean): string {
  const hash = createHash("sha256");
  for (const { from, to } of files) hash.update(to).update(readFileSync(from));
  const id = `sharp-${hash.digest("hex").slice(0, 16)}`;
  const library = files.find(({ to }) => to.endsWith(".node"))?.to;
  const imports = files.map(
    ({ from }, at) => `import file${at} from ${JSON.stringify(from)} with { type: "file" };`,
  );
  const table = files.map(({ to }, at) => `{ from: file${at}, to: ${JSON.stringify(to)} }`);
  return `${imports.join("\n")}
import { withUnpacked } from ${JSON.stringify(join(root, "src/native/unpack.ts"))};
const loaded = { exports: {} };
withUnpacked(${JSON.stringify(id)}, [${table.join(", ")}], (folder) =>
  process.dlopen(loaded, folder + ${JSON.stringify(`/${library}`)}));
${isModule ? "export default loaded.exports;" : "module.exports = loaded.exports;"}`;
}
