import { describe, expect, test } from "bun:test";
import { reservedSettings } from "../../src/config/reserved.ts";
import { flagOf, groups, type Setting } from "../../src/config/setting.ts";
import { settings } from "../../src/config/settings.ts";
import { signingSettings } from "../../src/config/signing.ts";

const rows: readonly Setting[] = [
  ...Object.values<Setting>(settings),
  ...Object.values<Setting>(signingSettings),
  ...reservedSettings,
];

describe("settings table", () => {
  test("names each variable once", () => {
    const names = rows.map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  for (const setting of rows) {
    test(`has a sound row for ${setting.name}`, () => {
      expect(setting.name).toMatch(/^[A-Z][A-Z0-9_]*[A-Z0-9]$/);
      expect(setting.summary).not.toMatch(/\.$/);
      expect(groups).toContain(setting.group);
      if (setting.fallback !== undefined) {
        expect(setting.reader.read(setting.fallback)).not.toBeUndefined();
      }
    });
  }

  test("gives a flag to what may be seen on a command line, and to no secret", () => {
    expect(flagOf(settings.dataDir)).toBe("--data-dir");
    expect(flagOf(settings.ffmpegPath)).toBe("--ffmpeg-path");
    expect(flagOf(settings.secret)).toBeUndefined();
    expect(flagOf(signingSettings.projectKey)).toBeUndefined();
    expect(reservedSettings.map(flagOf)).toEqual(reservedSettings.map(() => undefined));
  });
});
