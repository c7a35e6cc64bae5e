/** A request, and what is known of it besides. */
export interface RequestContext {
  /** As it came; the framework may be given another form of it. */
  readonly request: Request;
  readonly requestId: string;
  /** Whose request it is, behind trusted proxies. */
  readonly address: string;
  /** The path with its query as it was sent, without the server's own base path. */
  readonly target: string;
  /** Lets the answer be silent for as long as it likes. */
  readonly neverTimeOut: () => void;
  /** Turns what was thrown into the documented answer, and logs it when it is our fault. */
  readonly refuse: (thrown: unknown, more?: RefusalExtras) => Response;
}

export interface RefusalExtras {
  readonly headers?: Readonly<Record<string, string>>;
  /** Further keys of the JSON body. */
  readonly details?: Readonly<Record<string, unknown>>;
}
