/** Stops a process from running, and waits until it has stopped. Undone by SIGCONT. */
export async function freeze(pid: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  for (let looks = 0; looks < 10_000; looks++) {
    const status = await Bun.file(`/proc/${pid}/status`).text();
    if (/^State:\s+T/m.test(status)) return;
  }
  throw new Error(`process ${pid} does not stop`);
}
