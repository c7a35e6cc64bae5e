import { errorOf, invalidArgument, MotionessError } from "./error.ts";
import type { paths } from "./openapi.ts";
import { sendRequest } from "./request.ts";

export type HttpMethod = "get" | "post" | "put" | "patch" | "delete";

/** The paths that a method can be called on: those that answer with JSON. */
export type PathOf<M extends HttpMethod> = {
  [P in keyof paths]: [AnswerOf<P, M>] extends [never] ? never : P;
}[keyof paths];

type OperationOf<P extends keyof paths, M extends HttpMethod> = paths[P] extends {
  readonly [K in M]: infer O;
}
  ? O
  : never;

type JsonOf<T> = T extends { readonly content: { readonly "application/json": infer J } }
  ? J
  : never;

/** The JSON of a successful answer. */
export type AnswerOf<P extends keyof paths, M extends HttpMethod> =
  OperationOf<P, M> extends { readonly responses: infer R }
    ? { [S in keyof R]: S extends 200 | 201 | 202 ? JsonOf<R[S]> : never }[keyof R]
    : never;

/** What a call takes besides method and path. */
export type RequestOf<P extends keyof paths, M extends HttpMethod> = ParametersOf<
  OperationOf<P, M>
> &
  BodyOf<OperationOf<P, M>> & { readonly signal?: AbortSignal };

type ParametersOf<O> = O extends { readonly parameters: infer A }
  ? Part<A, "path"> & Part<A, "query">
  : unknown;
type Part<A, K extends string> = A extends { readonly [X in K]: infer V }
  ? { readonly [X in K]: V }
  : A extends { readonly [X in K]?: infer V }
    ? [V] extends [undefined]
      ? unknown
      : { readonly [X in K]?: Exclude<V, undefined> }
    : unknown;
type BodyOf<O> = O extends { readonly requestBody: { readonly content: infer C } }
  ? { readonly body: C[keyof C] }
  : O extends { readonly requestBody?: { readonly content: infer C } }
    ? { readonly body?: C[keyof C] }
    : unknown;

/** What a call takes last: nothing, where nothing has to be said. */
type RequestArguments<P extends keyof paths, M extends HttpMethod> =
  Record<never, never> extends RequestOf<P, M>
    ? [request?: RequestOf<P, M>]
    : [request: RequestOf<P, M>];

export interface ApiClientOptions {
  /** Of the server; a path is kept. */
  readonly baseUrl: string;
  /** `motion_…`. Without one the browser's session is used. */
  readonly apiKey?: string;
  readonly fetch?: typeof fetch;
}

/** Calls the REST API; method, path, parameters, body and answer are checked by the compiler. */
export interface ApiClient {
  /**
   * Bodies are JSON, and a `FormData` where a file is sent.
   * @throws MotionessError with status, body and request id when the answer is no success;
   * `network` when there is none. What the signal was aborted with, as it is.
   */
  call<M extends HttpMethod, P extends PathOf<M>>(
    method: M,
    path: P,
    ...request: RequestArguments<P, M>
  ): Promise<AnswerOf<P, M>>;
}

interface LooseRequest {
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** A client for one server, typed by the server's own OpenAPI document. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  return {
    async call(method, path, ...[request]) {
      const response = await send(options, method, String(path), { ...request } as LooseRequest);
      if (!response.ok) throw await errorOf(response);
      return (await jsonOf(response)) as never;
    },
  };
}

function send(
  { baseUrl, apiKey, fetch: via = fetch }: ApiClientOptions,
  method: HttpMethod,
  path: string,
  { path: values = {}, query = {}, body, signal }: LooseRequest,
): Promise<Response> {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw invalidArgument(`${path} needs a value for ${name}`);
    return encodeURIComponent(value);
  });
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(
    given.map(([name, value]) => [name, String(value)]),
  ).toString();
  const url = `${baseUrl.replace(/\/+$/, "")}${filled}${search === "" ? "" : `?${search}`}`;
  const isForm = body instanceof FormData;
  // No `credentials`: what browsers do unasked is right, and some workers refuse the option.
  return sendRequest(via, url, {
    method: method.toUpperCase(),
    headers: {
      ...(apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` }),
      // A form's own type names the boundary between its parts.
      ...(body === undefined || isForm ? {} : { "Content-Type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
}

async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MotionessError("the answer is no JSON; is this the address of a Motioness server?", {
      code: "http",
      status: response.status,
      requestId: response.headers.get("x-request-id") ?? undefined,
      cause,
    });
  }
}
