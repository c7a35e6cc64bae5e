import { AppError } from "../../errors.ts";

/** What a form is made of, in the order in which it comes: a part, then its content in pieces. */
export type FormPiece =
  | { readonly kind: "part"; readonly name: string; readonly isFile: boolean }
  | { readonly kind: "content"; readonly bytes: Uint8Array };

/** Of one part's headers. Those of a browser have some two hundred bytes. */
const headBytesMax = 8 * 1024;
/** White space that may follow a boundary (RFC 2046 §5.1.1). */
const paddingMax = 80;
const lineEnd = "\r\n";

/**
 * The boundary that a `multipart/form-data` content type names, or undefined when it is no such
 * type or names none.
 */
export function boundaryOf(contentType: string): string | undefined {
  if (!/^multipart\/form-data\s*;/i.test(contentType)) return undefined;
  const found = /;\s*boundary=(?:"([^"]{1,70})"|([^\s";]{1,70})(?=\s*(?:;|$)))/i.exec(contentType);
  return found?.[1] ?? found?.[2];
}

/**
 * Reads a form (RFC 7578) as it comes. Of a file that is sent, no more is held than one piece of
 * the body and a boundary. What follows the last boundary is read and dropped.
 * @throws AppError `invalid_request` for what is no form, or ends before it is over.
 */
export async function* readFormParts(
  body: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<FormPiece, void> {
  const delimiter = Buffer.from(`${lineEnd}--${boundary}`, "latin1");
  // The first boundary may stand at the very beginning, without a line before it.
  let reading: Reading = { place: "preamble", rest: Buffer.from(lineEnd) };
  for await (const chunk of body) {
    let step: Step = { ...reading, rest: Buffer.concat([reading.rest, chunk]), isHungry: false };
    while (!step.isHungry) {
      step = takeStep(step, delimiter);
      if (step.piece) yield step.piece;
    }
    reading = step;
  }
  if (reading.place !== "epilogue") throw malformed("it ends before its last boundary");
}

interface Reading {
  /** What `rest` begins with. */
  readonly place: "preamble" | "boundary" | "head" | "content" | "epilogue";
  readonly rest: Buffer;
}

interface Step extends Reading {
  /** More of the body is needed to go on. */
  readonly isHungry: boolean;
  readonly piece?: FormPiece;
}

function takeStep({ place, rest }: Reading, delimiter: Buffer): Step {
  switch (place) {
    case "preamble":
    case "content":
      return findDelimiter({ place, rest }, delimiter);
    case "boundary":
      return endBoundary(rest);
    case "head":
      return readHead(rest);
    case "epilogue":
      return { place, rest: Buffer.alloc(0), isHungry: true };
  }
}

/** All but what may be the beginning of a delimiter is content. */
function findDelimiter({ place, rest }: Reading, delimiter: Buffer): Step {
  const found = rest.indexOf(delimiter);
  const end = found === -1 ? Math.max(0, rest.length - delimiter.length + 1) : found;
  const bytes = rest.subarray(0, end);
  return {
    place: found === -1 ? place : "boundary",
    rest: rest.subarray(found === -1 ? end : end + delimiter.length),
    isHungry: found === -1,
    ...(place === "content" && bytes.length > 0 ? { piece: { kind: "content", bytes } } : {}),
  };
}

/** Two dashes after the last boundary, the end of the line after any other. */
function endBoundary(rest: Buffer): Step {
  if (rest.subarray(0, 2).equals(Buffer.from("--"))) {
    return { place: "epilogue", rest, isHungry: false };
  }
  const end = rest.indexOf(lineEnd);
  const padding = rest.subarray(0, end === -1 ? paddingMax + 1 : end).toString("latin1");
  if (end === -1 && rest.length <= paddingMax) return { place: "boundary", rest, isHungry: true };
  if (end === -1 || /[^ \t]/.test(padding)) throw malformed("a boundary does not end its line");
  return { place: "head", rest: rest.subarray(end + lineEnd.length), isHungry: false };
}

function readHead(rest: Buffer): Step {
  const end = rest.indexOf(lineEnd + lineEnd);
  if ((end === -1 ? rest.length : end) > headBytesMax) {
    throw malformed(`a part has more than ${headBytesMax / 1024} KiB of headers`);
  }
  if (end === -1) return { place: "head", rest, isHungry: true };
  const piece = parseHead(rest.subarray(0, end).toString("utf8"));
  return {
    place: "content",
    rest: rest.subarray(end + 2 * lineEnd.length),
    isHungry: false,
    piece,
  };
}

/** A part is called by the one `name` of its disposition, and is a file if that has a file name. */
function parseHead(head: string): FormPiece {
  const disposition = head
    .split(lineEnd)
    .map((line) => /^content-disposition[ \t]*:[ \t]*form-data[ \t]*(;.*)?$/i.exec(line)?.[1])
    .find((parameters) => parameters !== undefined);
  // In a quoted value only a quote may be escaped: browsers leave backslashes as they are.
  const given = (disposition ?? "").matchAll(/;[ \t]*([\w*-]+)=("(?:\\"|[^"])*"|[^\s;"]*)/g);
  const parameters = [...given].map(([, key = "", value = ""]) => [key.toLowerCase(), value]);
  const names = parameters.filter(([key]) => key === "name");
  const [name] = names;
  if (name?.[1] === undefined || names.length > 1) throw malformed("a part does not say its name");
  return {
    kind: "part",
    name: name[1].replace(/^"|"$/g, ""),
    isFile: parameters.some(([key]) => key === "filename" || key === "filename*"),
  };
}

function malformed(why: string): AppError {
  return new AppError("invalid_request", `the body is no multipart/form-data: ${why}`);
}
