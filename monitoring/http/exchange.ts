/** A request, whatever framework it came by. */
export interface Ask {
  readonly method: string;
  /** As it was sent (percent-encoded), without the handler's base path and without the query. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Address of whoever asks, where it is known. */
  readonly from: string | undefined;
  /**
   * Read only when it is wanted: nobody without a token makes the handler read a body.
   *
   * @param limit bytes
   * @throws HttpProblem 413
   */
  body(limit: number): Promise<Body>;
}

/** As text, or as the framework has parsed it already. */
export type Body = { readonly text: string } | { readonly parsed: unknown };

export type Headers = Readonly<Record<string, string>>;

export interface TextAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export interface StreamAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Begins to send. @returns to be called when the client has gone */
  readonly stream: (client: StreamClient) => () => void;
}

export type Answer = TextAnswer | StreamAnswer;

/** Whoever reads a stream. */
export interface StreamClient {
  /** @returns false when more waits for the client than may */
  send(text: string): boolean;
  /** There will be no more. */
  end(): void;
  /** It does not keep up: what waits for it is forgotten. */
  drop(): void;
}

/** What may wait for a client that reads slower than it is told, in bytes. */
export const MOST_BUFFERED = 1 << 20;

export function header({ headers }: Pick<Ask, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

export function json(status: number, body: unknown): TextAnswer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}
