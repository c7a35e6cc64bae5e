/** What went wrong, as sentences for a person, and what the page can offer to do about it. */
export interface Problem {
  readonly text: string;
  /** `same`: do it again. `new-seed`: the address stays failed, another take may not. */
  readonly remedy: "same" | "new-seed" | "none";
}

/** The server's documented `{error}` answer, or no answer at all (`status` 0). */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly status: number;
  readonly requestId: string | undefined;

  constructor(status: number, message: string, requestId?: string) {
    super(message);
    this.status = status;
    this.requestId = requestId;
  }
}

/** A generation that ended as `failed` or `cancelled`, with the code that its event named. */
export class GenerationError extends Error {
  override readonly name = "GenerationError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A file that is refused before anything is sent; its message is already for the reader. */
export class FileError extends Error {
  override readonly name = "FileError";
}

/** Anything thrown, as sentences that say what to do. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof FileError) return { text: thrown.message, remedy: "none" };
  if (thrown instanceof GenerationError) return generationProblem(thrown);
  if (thrown instanceof RequestError) return requestProblem(thrown);
  return { text: "Something in this page went wrong. Reload it and try again.", remedy: "same" };
}

const adviceBySignInError: Readonly<Record<string, string>> = {
  access_denied: "You were not signed in, because you declined.",
  account_not_linked:
    "There is an account with your address already, and the provider has not verified that it is " +
    "yours. Sign in with your password.",
  signup_disabled: "You have no account on this server. Ask its administrator for an invite.",
};

/** Why a visitor was sent back from a provider without being signed in. */
export function signInProblem(error: string): Problem {
  const advice = adviceBySignInError[error] ?? "Signing in did not work. Try it once more.";
  return { text: advice, remedy: "none" };
}

const another = "Drop another image";

const adviceByCode: Readonly<Record<string, string>> = {
  vision_blocked: `The server will not animate this picture. ${another}.`,
  vision_timeout: "Reading the picture took too long. Try again, or use a simpler picture.",
  source_unfetchable: "The server could not read the uploaded picture. Drop it again.",
  source_too_large: "The picture is larger than 10 MB. Make it smaller and drop it again.",
  source_unsupported:
    "The picture cannot be used: it must be a PNG, JPEG or WebP of 256 to 4096 pixels a side. " +
    "Save it that way and drop it again.",
  i2v_failed: "The motion could not be made. Try another take, or a calmer motion.",
  i2v_timeout: "Making the motion took too long. Try a shorter clip.",
  merge_failed: "The loop could not be closed. Try the mode animate-in.",
  r2_write_failed: "The clip could not be stored. Check the server's disk, then try another take.",
  quota_exceeded: "The generation limit was reached on the way. Wait for the next month.",
  pipeline_stalled: "The work stopped half way. Try another take.",
  cancelled: "The work was cancelled. Try another take to start again.",
};

function generationProblem(error: GenerationError): Problem {
  const advice = adviceByCode[error.code] ?? "The clip could not be made. Try another take.";
  const isSourceAtFault = error.code.startsWith("source_") || error.code === "vision_blocked";
  return {
    text: withDetail(advice, error.message),
    remedy: isSourceAtFault ? "none" : "new-seed",
  };
}

function requestProblem(error: RequestError): Problem {
  const { status } = error;
  if (status === 0) {
    return { text: "The server did not answer. Is it running? Then try again.", remedy: "same" };
  }
  if (status === 401) {
    return { text: "The demo session has ended. Reload the page, then try again.", remedy: "none" };
  }
  if (status === 413) return { text: adviceByCode["source_too_large"] ?? "", remedy: "none" };
  if (status === 415) {
    const advice = `Only PNG, JPEG and WebP can be animated. ${another}.`;
    return { text: withDetail(advice, error.message), remedy: "none" };
  }
  if (status === 429) {
    const advice = "The server's limit is reached. Wait a little, then try again.";
    return { text: withDetail(advice, error.message), remedy: "same" };
  }
  if (status === 502) {
    return { text: "This clip could not be made before. Try another take.", remedy: "new-seed" };
  }
  if (status >= 500) {
    const id = error.requestId === undefined ? "" : ` Its log names this as ${error.requestId}.`;
    return { text: `The server had a problem. Try again.${id}`, remedy: "same" };
  }
  return { text: withDetail("The server refused the request.", error.message), remedy: "same" };
}

function withDetail(advice: string, detail: string): string {
  return detail === "" ? advice : `${advice} (The server says: ${detail.replace(/\.$/, "")}.)`;
}
