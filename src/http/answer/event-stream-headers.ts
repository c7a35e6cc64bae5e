/** What every stream of server-sent events is answered with. */
export const eventStreamHeaders = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-store, no-transform",
  // It may be silent for as long as it likes, and would stay so, and open, after the stream's end.
  Connection: "close",
  // nginx would collect events until its buffer is full.
  "X-Accel-Buffering": "no",
  "X-Content-Type-Options": "nosniff",
} as const;
