import { describe, expect, test } from "bun:test";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { startToolProcess } from "../../../src/media/ffmpeg/tool-process.ts";
import { codeOf, errorOf } from "../../support/app-error.ts";
import { openTemporaryDirectory } from "../../support/temporary-directory.ts";
import { settle } from "../../support/until.ts";

const shell = (script: string) => ["sh", "-c", script];
const start = (script: string) => startToolProcess(shell(script), {});
const causeOf = (error: Error) => (error.cause instanceof Error ? error.cause.message : "");

describe("a tool's process", () => {
  test("that ends well says nothing", async () => {
    await start("exit 0").ended;
  });

  test.each([
    ["its last line is the cause", "echo first >&2; echo second >&2; exit 1", "second", false],
    [
      "a repeat is no line of its own",
      "printf 'real\\n    Last message repeated 9 times\\n' >&2; exit 1",
      "real",
      false,
    ],
    ["without a word the code is the cause", "exit 69", "it ended with 69", false],
    ["killed from outside it may be tried again", "kill -KILL $$", "it ended with SIGKILL", true],
    ["killed under a shell, too", "exit 137", "it ended with 137", true],
    ["told to stop, too", "exit 255", "it ended with 255", true],
    [
      "a full disk may have space later",
      "echo 'x: No space left on device' >&2; exit 1",
      "x: No space left on device",
      true,
    ],
  ])("%s", async (_, script, cause, retry) => {
    const error = await errorOf(start(script).ended);
    expect(error.code).toBe("i2v_failed");
    expect(error.retry).toBe(retry);
    expect(causeOf(error)).toBe(cause);
    expect(error.message).not.toContain(cause);
  });

  test("however much it complains, only the end is kept", async () => {
    const error = await errorOf(
      start("yes complaint | head -c 1000000 >&2; echo last >&2; exit 1").ended,
    );
    expect(causeOf(error)).toBe("last");
  });

  test("is in a process group of its own, where no Ctrl-C of a terminal reaches it", async () => {
    const tool = start("echo $$; read -r line");
    const { value } = await tool.output.getReader().read();
    const group = Number(new TextDecoder().decode(value));
    expect(() => process.kill(-group, 0)).not.toThrow();
    await tool.write("done\n");
    await tool.ended;
  });

  test("that is not there is a missing tool", () => {
    expect(() => startToolProcess(["/no/such/tool"], {})).toThrow(/cannot be started any more/);
  });

  test("takes no more input once it has ended, whatever the pipe says", async () => {
    const process = start("exit 3");
    await process.ended.catch(() => {});
    expect(await codeOf(process.write("frame"))).toBe("i2v_failed");
  });

  test("that ends well but early takes no more input either", async () => {
    const process = start("exit 0");
    await process.ended;
    expect(await codeOf(process.write("frame"))).toBe("i2v_failed");
  });

  test("makes the writer wait while it does not read", async () => {
    const directory = await openTemporaryDirectory();
    const signal = join(directory.path, "go");
    Bun.spawnSync(["mkfifo", signal]);
    const process = start(`read go < '${signal}'; cat > /dev/null`);
    let isWritten = false;
    const writing = process.write(new Uint8Array(4 * 1024 * 1024)).then(() => {
      isWritten = true;
    });
    await settle();
    expect(isWritten).toBe(false);
    await appendFile(signal, "\n");
    await writing;
    await process.endInput();
    await process.ended;
    await directory.close();
  });

  test("keeps the reason of an abort as the cause", async () => {
    const controller = new AbortController();
    const { ended } = startToolProcess(shell("exec sleep 60"), { signal: controller.signal });
    const reason = new Error("nobody waits any more");
    controller.abort(reason);
    const error = await errorOf(ended);
    expect([error.code, error.cause]).toEqual(["cancelled", reason]);
  });

  test("says how long it was given", async () => {
    const error = await errorOf(startToolProcess(shell("exec sleep 60"), { timeoutMs: 20 }).ended);
    expect([error.code, error.message]).toEqual(["i2v_timeout", "ffmpeg was not done after 20 ms"]);
  });
});
