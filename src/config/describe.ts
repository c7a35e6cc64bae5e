import { reservedSettings } from "./reserved.ts";
import { groups, type Setting } from "./setting.ts";
import { settings } from "./settings.ts";

/** The README's tables of settings, as Markdown. */
export function settingsMarkdown(): string {
  const sections = groups.flatMap((group) => {
    const rows = Object.values<Setting>(settings).filter((setting) => setting.group === group);
    return rows.length === 0 ? [] : [`**${group}**`, table(rows)];
  });
  const names = reservedSettings.map(({ name }) => `\`${name}\``).join(", ");
  const reserved = `Reserved for what is coming, and without effect so far: ${names}.`;
  return [...sections, reserved].join("\n\n");
}

/** What a setting is when nobody sets it, for people. */
export function defaultOf(setting: Setting): string | undefined {
  return setting.fallback ?? setting.fallbackNote;
}

function table(rows: readonly Setting[]): string {
  const lines = rows.map((setting) => {
    const fallback = setting.fallback === undefined ? setting.fallbackNote : code(setting.fallback);
    return `| ${code(setting.name)} | ${fallback ?? "–"} | ${setting.summary} |`;
  });
  return ["| variable | default | meaning |", "| --- | --- | --- |", ...lines].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}
