import { elsewhere, ours, step } from "./statement.ts";

const streams = "contracts/event-streams.ts";
const retries = "contracts/webhook-retries.ts";

/** "SSE streaming", from its top to its end. */
export const sse = {
  S01: step(
    "The public stream is open to whoever has project key and asset id, also of a browser.",
  ),
  S02: step("An asset's own stream is for the session cookie."),
  S03: step("A project's activity is for the session cookie."),
  S04: step("addEventListener('stage_completed') is told the stage and its latency_ms."),
  S05: step("addEventListener('ready') is told when the mp4 is hot."),
  S06: step("addEventListener('failed') is told why."),
  S07: ours(
    "event stream of an ended asset",
    "A stream goes on after the end until the client closes it: ours ends by itself.",
  ),
  S08: step("A browser that reconnects with its last id goes on where it was."),
  S09: step("The events are the lifecycle's closed enum."),
  S10: step("The stream also tells of webhook_dispatched and what follows it."),
  S11: step(
    "Each event has ts, attempt, request_id, and stage, latency_ms, error_* where they apply.",
  ),
  S12: step("Every event has an id in milliseconds."),
  S13: step("With Last-Event-ID exactly the events newer than it are replayed."),
  S14: step("A client that is no browser sets the header itself; without it all is replayed."),
  S15: elsewhere(
    streams,
    "a silent stream stays open by its pings, for five minutes [E14]",
    "A connection is closed after five minutes.",
  ),
  S16: step("Most generations are made in less than 60 seconds."),
  S17: step("Reconnecting with the cursor after a closed connection loses nothing."),
  S18: step("A comment, ': ping', comes every 15 seconds."),
  S19: step("An EventSource dispatches nothing for a comment."),
  S20: step("A project's activity has the same events, of all its assets."),
  S21: elsewhere(
    retries,
    "a message is sent again after 30 s, 2 m, 10 m, 30 m and 2 h, then dead [W22]",
    "Webhooks are retried durably, with five attempts.",
  ),
  S22: step("Webhooks come about 100 ms after the event."),
  S23: step("Webhooks go out to the client's endpoint, streams are connected to."),
  S24: step("An event is on the stream some ten milliseconds after it happened."),
  S25: elsewhere(
    retries,
    "a receiver that was down for half an hour has everything after a restart [W06]",
    "Webhooks survive that the receiver is down for a while.",
  ),
} as const;
