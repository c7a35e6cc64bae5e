/** Makes `packages/proxy-client/dist`, what `npm pack` puts into the package besides its papers. */
import { rm } from "node:fs/promises";
import { join } from "node:path";

const root = join(import.meta.dir, "..");
const folder = join(root, "packages/proxy-client");

// The compiler leaves files whose source is gone.
await rm(join(folder, "dist"), { recursive: true, force: true });
const compile = [process.execPath, "run", "--silent", "--bun", "tsc", "--project", folder];
process.exitCode = await Bun.spawn(compile, { cwd: root, stdout: "inherit" }).exited;
