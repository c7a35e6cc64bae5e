// Fetches sources in a process with surroundings of its own (proxy settings, trusted authorities, a
// network namespace): download-sources.ts URL… Prints a line for each. Every name leads to
// 127.0.0.2, which may be reached.
import { AppError } from "../../src/errors.ts";
import { createDownload } from "./guarded-download.ts";

const download = createDownload({ resolve: async () => ["127.0.0.2"] });
for (const url of process.argv.slice(2)) {
  try {
    console.log(`fetched ${new TextDecoder().decode(await download(url))}`);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const cause = error.cause instanceof Error && "code" in error.cause ? error.cause.code : "";
    console.log(`${error.code} ${error.message} ${cause}`.trim());
  }
}
