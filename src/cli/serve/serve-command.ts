import { Option } from "commander";
import { defaultOf } from "../../config/describe.ts";
import { flagOf, type Setting } from "../../config/setting.ts";
import { settings } from "../../config/settings.ts";
import type { AddCommand } from "../command.ts";

const rows: readonly Setting[] = Object.values<Setting>(settings);

/** `motioness serve`: the server with its worker. Each option is a setting of the same name. */
export const addServe: AddCommand = (program, io, finish) => {
  const command = program
    .command("serve")
    .summary("start the server (what happens without a command)")
    .description(
      "Starts the server and its worker, and prints the link. Every option is an environment " +
        "variable too, named behind it; each variable has a twin ending in _FILE.",
    )
    .addHelpText("after", secretsHelp());
  for (const setting of rows) {
    const option = optionOf(setting);
    if (option) command.addOption(option);
  }
  command.action(async () => {
    const { serve } = await import("./serve.ts");
    finish(await serve(io, flagsOf(command.opts())));
  });
};

function optionOf(setting: Setting): Option | undefined {
  const flag = flagOf(setting);
  if (flag === undefined) return undefined;
  const fallback = defaultOf(setting);
  const facts = [...(fallback === undefined ? [] : [`default: ${fallback}`]), setting.name];
  const summary = `${setting.summary.replaceAll("`", "")} (${facts.join("; ")})`;
  return new Option(`${flag} <value>`, summary).helpGroup(`${setting.group}:`);
}

/** What commander read, by the names of the settings. */
function flagsOf(given: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const found = rows.flatMap((setting) => {
    const name = optionOf(setting)?.attributeName();
    const value = name === undefined ? undefined : given[name];
    return typeof value === "string" ? [[setting.name, value] as const] : [];
  });
  return Object.fromEntries(found);
}

function secretsHelp(): string {
  const lines = rows
    .filter((setting) => setting.isSecret)
    .flatMap((setting) => {
      const fallback = defaultOf(setting);
      const end = fallback === undefined ? "" : ` (default: ${fallback})`;
      return [`  ${setting.name}${end}`, `      ${setting.summary.replaceAll("`", "")}`];
    });
  return ["", "Secrets, by environment variable or file only:", ...lines].join("\n");
}
