export interface Received {
  readonly headers: Readonly<Record<string, string>>;
  /** Byte for byte. */
  readonly body: string;
  readonly json: Readonly<Record<string, unknown>>;
  /** When it came, Unix milliseconds. */
  readonly cameAt: number;
}

export type ReceiverAnswer = (received: Received, count: number) => Response | Promise<Response>;

export interface Receiver {
  readonly origin: string;
  readonly url: string;
  /** What came, in order. */
  readonly received: readonly Received[];
  /** The most that were being answered at one time. */
  mostAtOnce(): number;
  /** From now on messages are answered so; a number is a status. */
  answer(answer: ReceiverAnswer | number): void;
  close(): Promise<void>;
}

/** A subscriber on this machine, at 127.0.0.2: what stands for the internet in these tests. */
export function openReceiver(first: ReceiverAnswer | number = 200): Receiver {
  const received: Received[] = [];
  let answer = first;
  let now = 0;
  let most = 0;
  const server = Bun.serve({
    hostname: "127.0.0.2",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const body = await request.text();
      const json = JSON.parse(body) as Received["json"];
      const one = { headers: request.headers.toJSON(), body, json, cameAt: Date.now() };
      received.push(one);
      most = Math.max(most, ++now);
      try {
        return typeof answer === "number"
          ? new Response(null, { status: answer })
          : await answer(one, received.length);
      } finally {
        now -= 1;
      }
    },
  });
  const { origin } = server.url;
  return {
    origin,
    url: `${origin}/hooks`,
    received,
    mostAtOnce: () => most,
    answer(next) {
      answer = next;
    },
    close: () => server.stop(true),
  };
}
