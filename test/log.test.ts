import { describe, expect, test } from "bun:test";
import { AppError } from "../src/errors.ts";
import { createLog, type Log, type LogConfig, type LogDeps } from "../src/log.ts";

const secret = "s3cret-value-of-the-server";

describe("log", () => {
  test("writes one JSON object a line with time, level, message and fields", () => {
    const { log, lines } = open();
    log.info("listening", { url: "http://127.0.0.1:8477" });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      level: "info",
      time: "2026-11-21T03:47:00.000Z",
      url: "http://127.0.0.1:8477",
      msg: "listening",
    });
    expect(lines[0]).toEndWith("}\n");
  });

  test("leaves out what lies below the level", () => {
    const { log, lines } = open({ level: "warn" });
    log.debug("a");
    log.info("b");
    log.warn("c");
    log.error("d");
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(["c", "d"]);
  });

  test("adds the fields of `with` to each line", () => {
    const { log, lines } = open();
    log.with({ requestId: "req_1" }).with({ asset: "a25b" }).info("made");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ requestId: "req_1", asset: "a25b" });
  });

  test("writes an error with its code, stack and causes", () => {
    const { log, lines } = open();
    const cause = new Error("connection refused");
    log.error("stage failed", { error: new AppError("i2v_failed", "no clip", { cause }) });
    const { error } = JSON.parse(lines[0] ?? "");
    expect(error).toMatchObject({ code: "i2v_failed", message: "no clip" });
    expect(error.cause.message).toBe("connection refused");
  });

  test("is text on a terminal, and says the level only where it is not the usual one", () => {
    const { log, lines } = open({}, { isTerminal: true });
    log.info("ready", { ms: 12, note: "two words" });
    log.warn("slow");
    expect(lines).toEqual(['03:47:00 ready ms=12 note="two words"\n', "03:47:00 WARN slow\n"]);
  });

  test("is JSON on a terminal when it is asked to be, and text elsewhere too", () => {
    const json = open({ format: "json" }, { isTerminal: true });
    json.log.info("a");
    expect(JSON.parse(json.lines[0] ?? "").msg).toBe("a");
    const text = open({ format: "text" });
    text.log.info("a");
    expect(text.lines[0]).toBe("03:47:00 a\n");
  });

  for (const [place, write] of Object.entries(leaks())) {
    test(`masks a secret in ${place}`, () => {
      const { log, lines } = open();
      write(log);
      expect(lines.join("")).not.toContain(secret);
      expect(lines.join("")).not.toContain("cf8a18b8");
      expect(lines.join("")).toContain("[redacted]");
    });
  }
});

function leaks(): Record<string, (log: Log) => void> {
  const url = "http://h/v1/pk_a/aHR0.mp4?sig=cf8a18b8&exp=1";
  return {
    "the message": (log) => log.info(`using ${secret}`),
    "a field": (log) => log.info("x", { value: secret }),
    "a field below a field": (log) => log.info("x", { config: { deep: { value: secret } } }),
    "an error's text": (log) => log.error("x", { error: new Error(`bad ${secret}`) }),
    "a signed URL": (log) => log.info("request", { url }),
    "a signed URL inside an error": (log) => log.error("x", { error: new Error(url) }),
    "a field named as one": (log) => log.info("x", { headers: { authorization: "cf8a18b8" } }),
  };
}

function open(config: Partial<LogConfig> = {}, deps: Partial<LogDeps> = {}) {
  const lines: string[] = [];
  const log = createLog(
    { level: "info", format: "auto", ...config },
    {
      write: (line) => lines.push(line),
      isTerminal: false,
      now: () => Date.UTC(2026, 10, 21, 3, 47),
      secrets: [secret],
      ...deps,
    },
  );
  return { log, lines };
}
