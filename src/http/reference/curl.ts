import { exampleOf } from "./example.ts";
import { isLocked, type Method, type Operation } from "./open-api.ts";

export interface CurlRequest {
  readonly path: string;
  readonly method: Method;
  readonly operation: Operation;
  readonly baseUrl: string;
}

/** A command that makes the request, with values in it that the route takes. */
export function curlOf({ path, method, operation, baseUrl }: CurlRequest): string {
  const { parameters = [], requestBody } = operation;
  const inPath = parameters.filter((parameter) => parameter.in === "path");
  const query = parameters.filter((parameter) => parameter.in === "query" && parameter.required);
  const filled = inPath.reduce(
    (text, { name, schema, example }) =>
      text.replace(`{${name}}`, String(example ?? exampleOf(schema, { name }))),
    path,
  );
  const search = query
    .map(({ name, schema }) => `${name}=${encodeURIComponent(String(exampleOf(schema, { name })))}`)
    .join("&");
  const [type, body] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const verb = method === "get" ? "" : ` -X ${method.toUpperCase()}`;
  return [
    `curl${verb} '${baseUrl}${filled}${search === "" ? "" : `?${search}`}'`,
    ...outputOf(operation),
    ...(isLocked(operation) ? ['-H "Authorization: Bearer $MOTIONESS_API_KEY"'] : []),
    ...(type === "multipart/form-data" ? ["-F 'file=@hero.png'"] : []),
    ...(type === "application/json" && body
      ? [
          "-H 'Content-Type: application/json'",
          `-d '${JSON.stringify(body.example ?? exampleOf(body.schema))}'`,
        ]
      : []),
  ].join(" \\\n  ");
}

/** A stream is shown as it comes, and what is no text goes into a file. */
function outputOf({ responses }: Operation): readonly string[] {
  const found = responses["200"];
  const [type = ""] = Object.keys((found && "content" in found && found.content) || {});
  if (type === "text/event-stream") return ["--no-buffer"];
  const [kind, suffix = ""] = type.split("/");
  const name = suffix === "*" || suffix === "jpeg" ? "jpg" : suffix;
  return kind === "video" || kind === "image" ? [`--output ${kind}.${name}`] : [];
}
