import { expect, test } from "bun:test";
import { join } from "node:path";

const io = join(import.meta.dir, "..", "..", "src", "cli", "io.ts");

/** Runs a program that forgets a rejected promise, and says how it ended. */
async function forgetPromise(listen: boolean) {
  const program = `
    import { processIo, say } from ${JSON.stringify(io)};
    const io = processIo({});
    if (${listen}) io.onUnhandled((reason) => say(io, "heard: " + reason.message));
    void Promise.reject(new Error("forgotten"));
    setImmediate(() => setImmediate(() => say(io, "still here")));
  `;
  const child = Bun.spawn([process.execPath, "-e", program], { stdout: "pipe", stderr: "ignore" });
  const output = await new Response(child.stdout).text();
  return { code: await child.exited, output };
}

test("a rejection that nobody waits for is heard, and the process goes on [L15]", async () => {
  expect(await forgetPromise(true)).toEqual({ code: 0, output: "heard: forgotten\nstill here\n" });
});

test("unheard, the process ends with a failure: the listener is what keeps it", async () => {
  expect((await forgetPromise(false)).code).not.toBe(0);
});
