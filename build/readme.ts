/** Writes the settings' tables into README.md, between their two markers. */
import { settingsMarkdown } from "../src/config/describe.ts";

const path = new URL("../README.md", import.meta.url);
const readme = await Bun.file(path).text();
const [before, rest] = readme.split("<!-- settings -->");
const after = rest?.split("<!-- /settings -->")[1];
if (before === undefined || after === undefined) throw new Error("README.md has lost its markers");
const section = `<!-- settings -->\n\n${settingsMarkdown()}\n\n<!-- /settings -->`;
await Bun.write(path, before + section + after);
