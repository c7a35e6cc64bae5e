import { errorOf, invalidArgument } from "./error.ts";
import type { paths } from "./openapi.ts";

export type HttpMethod = "get" | "post" | "put" | "patch" | "delete";

/** The paths that can be called with a method. */
export type PathOf<M extends HttpMethod> = {
  [P in keyof paths]: paths[P] extends { readonly [K in M]: infer O }
    ? O extends { readonly responses: unknown }
      ? P
      : never
    : never;
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
type BodyOf<O> = O extends {
  readonly requestBody: { readonly content: { readonly "application/json": infer B } };
}
  ? { readonly body: B }
  : O extends {
        readonly requestBody?: { readonly content: { readonly "application/json": infer B } };
      }
    ? { readonly body?: B }
    : unknown;

export interface ApiClientOptions {
  /** Of the server; a path is kept. */
  readonly baseUrl: string;
  /** `motion_…`. Without one the browser's session is used. */
  readonly apiKey?: string;
  readonly fetch?: typeof fetch;
}

/** Calls the REST API; method, path, parameters, body and answer are checked by the compiler. */
export interface ApiClient {
  /** @throws MotionessError with status, body and request id when the answer is no success. */
  call<M extends HttpMethod, P extends PathOf<M>>(
    method: M,
    path: P,
    request: RequestOf<P, M>,
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
    async call(method, path, request) {
      const response = await send(options, method, String(path), request as LooseRequest);
      if (!response.ok) throw await errorOf(response);
      return (response.status === 204 ? undefined : await response.json()) as never;
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
  return via(url, {
    method: method.toUpperCase(),
    headers: {
      ...(apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` }),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    credentials: apiKey === undefined ? "same-origin" : "omit",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
}
