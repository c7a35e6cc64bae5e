import { AppError } from "../../errors.ts";
import type { ByteRange } from "../../storage/storage.ts";
import type { Body } from "./bodies.ts";
import { type Representation, selectRepresentation } from "./conditional.ts";
import { errorResponse } from "./error-response.ts";
import { formatHttpDate } from "./http-date.ts";

/** Bytes to be answered with, and what is said about them. */
export interface Media {
  readonly representation: Representation;
  /** Content type, caching and whatever else belongs to them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly open: (range?: ByteRange) => Body | Promise<Body>;
  /** Throws where `open` would, so that HEAD promises nothing that GET does not keep. */
  readonly check?: () => void | Promise<void>;
}

export type Responder = (request: Request, requestId: string) => Response | Promise<Response>;

/**
 * Headers that a 304 leaves out: whoever asked keeps those of the answer it has, and each costs a
 * hundredth of a 304.
 */
const notIn304 = [
  "Accept-Ranges",
  "Access-Control-Expose-Headers",
  "Content-Length",
  "Content-Type",
  "Last-Modified",
  "X-Content-Type-Options",
  "Cache-Tag",
  "Surrogate-Key",
  "X-Motioness-Loop",
];

/**
 * Answers GET and HEAD for one representation: 200, 206, 304, 412 or 416 by RFC 9110. A
 * framework's own file answer gets ranges and conditionals wrong, and building headers is most of
 * the work of a 304, so they are made once and only the request id is set each time: a Response
 * copies the headers it is given, and nothing is awaited between.
 */
export function createMediaResponder(media: Media, clock: { now(): number }): Responder {
  const { representation } = media;
  const headers = new Headers({
    // Looked up from the first on, and set for every answer.
    "X-Request-Id": "",
    ...media.headers,
    "Accept-Ranges": "bytes",
    ETag: representation.etag,
    "Last-Modified": formatHttpDate(representation.lastModifiedMs),
  });
  const headHeaders = new Headers(headers);
  headHeaders.set("Content-Length", String(representation.sizeBytes));
  const partHeaders = new Headers(headers);
  const bare = new Headers(headers);
  for (const name of notIn304) bare.delete(name);
  const [full, head, part, unmodified] = [
    { status: 200, headers },
    { status: 200, headers: headHeaders },
    { status: 206, headers: partHeaders },
    { status: 304, headers: bare },
  ];
  return (request, requestId) => {
    const selection = selectRepresentation(request, representation, clock.now());
    if (selection.status === 304) {
      bare.set("X-Request-Id", requestId);
      return new Response(null, unmodified);
    }
    if (selection.status === 206) {
      const { start, end } = selection.range;
      return whenOpen(media.open(selection.range), (body) => {
        const range = `bytes ${start}-${end}/${representation.sizeBytes}`;
        partHeaders.set("Content-Range", range);
        partHeaders.set("X-Request-Id", requestId);
        return new Response(body, part);
      });
    }
    if (selection.status !== 200) return refusal(media, selection.status, requestId);
    if (request.method === "HEAD") {
      const answerHead = () => {
        headHeaders.set("X-Request-Id", requestId);
        return new Response(null, head);
      };
      const checked = media.check?.();
      return checked ? checked.then(answerHead) : answerHead();
    }
    return whenOpen(media.open(), (body) => {
      headers.set("X-Request-Id", requestId);
      return new Response(request.headers.has("range") ? unranged(body) : body, full);
    });
  };
}

/** At once when it can be: a promise costs the hot path more than the answer. */
function whenOpen(
  body: Body | Promise<Body>,
  answer: (body: Body) => Response,
): Response | Promise<Response> {
  return body instanceof Promise ? body.then(answer) : answer(body);
}

/**
 * The server applies a Range header by itself to any file body that is answered with 200, and so
 * would undo our decision to send the whole; through a stream of our own it cannot see the file.
 */
function unranged(body: Body): ReadableStream<Uint8Array> {
  const stream: ReadableStream<Uint8Array> = body instanceof Blob ? body.stream() : body;
  return stream.pipeThrough(new TransformStream<Uint8Array, Uint8Array>());
}

function refusal(media: Media, status: 412 | 416, requestId: string): Response {
  const { sizeBytes } = media.representation;
  const cors = Object.fromEntries(
    Object.entries(media.headers).filter(([name]) => name.startsWith("Access-Control-")),
  );
  if (status === 412) {
    const error = new AppError("precondition_failed", "the precondition does not hold");
    return errorResponse(error, requestId, { headers: cors });
  }
  const error = new AppError(
    "range_not_satisfiable",
    `the range lies outside the ${sizeBytes} bytes there are`,
  );
  const headers = { ...cors, "Content-Range": `bytes */${sizeBytes}`, "Accept-Ranges": "bytes" };
  return errorResponse(error, requestId, { headers });
}
