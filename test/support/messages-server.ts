/** One request to the Messages API, as it came. */
export interface MessagesRequest {
  readonly path: string;
  readonly headers: Headers;
  readonly body: {
    readonly model: string;
    readonly max_tokens: number;
    readonly system: string;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly output_config: { readonly format: { readonly type: string; readonly schema: object } };
  };
}

export type MessagesAnswer = (
  request: MessagesRequest,
  count: number,
) => Response | Promise<Response>;

export interface MessagesServer {
  readonly url: string;
  readonly requests: readonly MessagesRequest[];
  close(): Promise<void>;
}

/**
 * A server on this machine that speaks Anthropic's Messages API, and does what it is told.
 * @param answer is given how many requests came before, too.
 */
export function openMessagesServer(answer: MessagesAnswer): MessagesServer {
  const requests: MessagesRequest[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const body = (await request.json()) as MessagesRequest["body"];
      const asked = { path: new URL(request.url).pathname, headers: request.headers, body };
      requests.push(asked);
      return answer(asked, requests.length - 1);
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    requests,
    close: () => server.stop(true),
  };
}

export interface Message {
  readonly text?: string;
  readonly stopReason?: string;
  readonly usage?: { readonly input: number; readonly output: number };
}

/** A message of Claude's; it has thought before it speaks. */
export function message({ text = "{}", stopReason = "end_turn", usage }: Message = {}): Response {
  return Response.json({
    id: "msg_01",
    type: "message",
    role: "assistant",
    model: "claude-haiku-5-5",
    content: [
      { type: "thinking", thinking: "", signature: "c2ln" },
      { type: "text", text },
    ],
    stop_reason: stopReason,
    stop_sequence: null,
    usage: { input_tokens: usage?.input ?? 1000, output_tokens: usage?.output ?? 100 },
  });
}

/** An error as the API words it. */
export function messagesError(status: number, type: string, headers: HeadersInit = {}): Response {
  const error = { type, message: `the provider's own words about ${type}` };
  return Response.json({ type: "error", error, request_id: "req_01" }, { status, headers });
}
