import { describe, expect, test } from "bun:test";
import { readSettings, type SettingSources } from "../../src/config/read-settings.ts";
import { integer, text } from "../../src/config/readers.ts";
import type { Settings } from "../../src/config/setting.ts";

const table = {
  size: {
    name: "MOTIONESS_SIZE",
    group: "Server",
    reader: integer(1, 9),
    fallback: "3",
    summary: "The size",
  },
  token: {
    name: "MOTIONESS_TOKEN",
    group: "Access",
    reader: text("a token"),
    isSecret: true,
    summary: "The token",
  },
} as const satisfies Settings;

describe("reading settings", () => {
  test("gives typed values, and the fallback where nothing is given", () => {
    const { values } = read({ MOTIONESS_TOKEN: "t" });
    const size: number = values.size;
    const token: string | undefined = values.token;
    expect({ size, token }).toEqual({ size: 3, token: "t" });
  });

  test("takes an empty value as none", () => {
    expect(read({ MOTIONESS_SIZE: "", MOTIONESS_SIZE_FILE: "" }).values.size).toBe(3);
  });

  test("reads a value from the file its _FILE twin names, without the last line feed", () => {
    const files = { "/run/token": "hush hush\n", "/run/crlf": "hush\r\n" };
    expect(read({ MOTIONESS_TOKEN_FILE: "/run/token" }, files).values.token).toBe("hush hush");
    expect(read({ MOTIONESS_TOKEN_FILE: "/run/crlf" }, files).values.token).toBe("hush");
  });

  test("refuses a value given both ways", () => {
    const { problems } = read({ MOTIONESS_SIZE: "4", MOTIONESS_SIZE_FILE: "/run/size" });
    expect(problems).toEqual([
      "MOTIONESS_SIZE: given twice, expected either it or MOTIONESS_SIZE_FILE",
    ]);
  });

  test("names the twin when its file cannot be read or holds no such value", () => {
    expect(read({ MOTIONESS_SIZE_FILE: "/none" }).problems).toEqual([
      'MOTIONESS_SIZE_FILE: got "/none", expected a readable file (no such file)',
    ]);
    expect(read({ MOTIONESS_SIZE_FILE: "/run/size" }, { "/run/size": "12" }).problems).toEqual([
      'MOTIONESS_SIZE_FILE: got "12", expected a whole number from 1 to 9',
    ]);
  });

  test("shows what was given, long values cut and secrets masked", () => {
    const { given, secrets } = read({ MOTIONESS_SIZE: "4", MOTIONESS_TOKEN: "hush" });
    expect(given).toEqual({
      MOTIONESS_SIZE: "4",
      MOTIONESS_TOKEN: "a secret of 4 characters",
    });
    expect(secrets).toEqual(["hush"]);
    expect(read({ MOTIONESS_SIZE: "9".repeat(500) }).problems[0]?.length).toBeLessThan(200);
  });
});

function read(env: SettingSources["env"], files: Record<string, string> = {}) {
  const readFile = (path: string) => {
    const content = files[path];
    if (content === undefined) throw new Error("no such file");
    return content;
  };
  return readSettings(table, { env, readFile });
}
