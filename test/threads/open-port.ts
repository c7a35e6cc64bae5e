import type { FromWorker } from "../../src/threads/messages.ts";
import type { WorkerPort } from "../../src/threads/thread.ts";

/** A Worker that adds numbers, and tells how far it is. */
type Port = WorkerPort<readonly number[], number, number>;

/** A Worker that does what the test says, and remembers what it was told. */
export function openPort() {
  const target = new EventTarget();
  const told: string[] = [];
  const port = {
    postMessage: ({ kind }) => told.push(kind),
    terminate: () => told.push("terminate"),
    addEventListener: target.addEventListener.bind(target),
  } as Port;
  const dispatch = (event: Event) => target.dispatchEvent(event);
  const say = (data: FromWorker<number, number>) => dispatch(new MessageEvent("message", { data }));
  return { port, told, say, dispatch };
}
