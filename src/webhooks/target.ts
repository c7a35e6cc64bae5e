import { AppError } from "../errors.ts";
import { parseTarget } from "../net/target.ts";
import { findOrigin } from "../projects/origins.ts";

/**
 * The address of an endpoint in its canonical form. Like a source, it may have the port of one of
 * the project's allowed origins besides 80 and 443; and it speaks http only where such an origin
 * does, for what it is told is meant for nobody else. Where it leads is judged at every request.
 * @throws AppError `invalid_request` naming the fault.
 */
export function parseWebhookUrl(text: string, allowedOrigins: readonly string[]): string {
  const rules = {
    subject: "the webhook",
    failedCode: "invalid_request",
    allowedOrigins,
  } as const;
  const { url } = parseTarget(text, rules);
  const plain = allowedOrigins.filter((origin) => origin.startsWith("http://"));
  if (url.protocol === "http:" && !findOrigin(plain, url)) {
    throw new AppError(
      "invalid_request",
      "the URL of the webhook must begin with https://, unless its origin is an allowed origin " +
        "of the project",
    );
  }
  url.hash = "";
  return url.href;
}
