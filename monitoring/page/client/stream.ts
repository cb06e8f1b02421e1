import type { Hello, Tick, Told } from '../../view';
import { detailIn } from './problem';
import { EventParser } from './sse';

export type Message =
  | { readonly kind: 'hello'; readonly hello: Hello }
  | { readonly kind: 'tick'; readonly tick: Tick }
  | { readonly kind: 'told'; readonly told: Told };

/**
 * How the connection stands.
 *
 * - `live`: messages come, the last within {@link SILENCE_MS}
 * - `lost`: none does; tried again after `retryInMs`
 * - `token`: the server asks who we are; `wrong` when it has refused what we said
 */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly why: string; readonly retryInMs: number }
  | { readonly kind: 'token'; readonly wrong: boolean };

/** What a stream needs of its surroundings. */
export interface Surroundings {
  fetch(
    url: string,
    init: { headers: Record<string, string>; cache: 'no-store'; signal: AbortSignal },
  ): Promise<Response>;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  /** 0 to 1. */
  random(): number;
}

export interface Listener {
  message(message: Message): void;
  connection(connection: Connection): void;
}

/** The server tells something each second: after five without a word what is shown is no longer live. */
export const SILENCE_MS = 5_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** Milliseconds until the next try: doubled each time, with jitter, so that many pages do not come back at once. @param tries that failed, from 0 */
export function pauseMs(tries: number, random: number): number {
  return Math.round(Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS) * (0.5 + random / 2));
}

/** The one connection to the server: keeps it open, says when it is not. */
export class Stream {
  private token: string | undefined;
  private tries = 0;
  private silence: unknown;
  private retry: unknown;
  private abort: AbortController | undefined;

  constructor(
    private readonly url: string,
    private readonly surroundings: Surroundings,
    private readonly listener: Listener,
  ) {}

  /** Connects, or connects anew with another token. */
  open(token: string | undefined): void {
    this.token = token;
    this.tries = 0;
    this.listener.connection({ kind: 'connecting' });
    this.connect();
  }

  /** Does not wait for the next try; nothing while connected. */
  retryNow(): void {
    if (this.retry !== undefined) this.connect();
  }

  close(): void {
    this.surroundings.clearTimeout(this.silence);
    this.surroundings.clearTimeout(this.retry);
    this.retry = undefined;
    this.abort?.abort();
    this.abort = undefined;
  }

  private connect(): void {
    this.close();
    const abort = new AbortController();
    this.abort = abort;
    this.watch(abort);
    this.read(abort).catch((error: Error) => this.lost(abort, wordsOf(error)));
  }

  private async read(abort: AbortController): Promise<void> {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (this.token !== undefined) headers.authorization = `Bearer ${this.token}`;
    const response = await this.surroundings.fetch(this.url, { headers, cache: 'no-store', signal: abort.signal });
    if (this.abort !== abort) return;
    if (response.status === 401) {
      this.close();
      return this.listener.connection({ kind: 'token', wrong: this.token !== undefined });
    }
    if (!response.ok || !response.body) {
      const detail = detailIn(await response.text());
      return this.lost(abort, detail ?? `the server answered ${response.status}`);
    }
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const parser = new EventParser();
    for (;;) {
      const { done, value } = await reader.read();
      if (this.abort !== abort) return;
      if (done) return this.lost(abort, 'the server ended the connection');
      this.watch(abort);
      for (const { event, data } of parser.push(decoder.decode(value, { stream: true }))) this.hear(event, data);
    }
  }

  private hear(event: string, data: string): void {
    if (event !== 'hello' && event !== 'tick' && event !== 'told') return;
    const content = JSON.parse(data);
    if (event === 'hello') {
      this.tries = 0;
      this.listener.message({ kind: event, hello: content });
      this.listener.connection({ kind: 'live' });
    } else if (event === 'tick') this.listener.message({ kind: event, tick: content });
    else this.listener.message({ kind: event, told: content });
  }

  private watch(abort: AbortController): void {
    this.surroundings.clearTimeout(this.silence);
    this.silence = this.surroundings.setTimeout(
      () => this.lost(abort, `the server has been silent for ${SILENCE_MS / 1_000} s`),
      SILENCE_MS,
    );
  }

  private lost(abort: AbortController, why: string): void {
    if (this.abort !== abort) return;
    this.close();
    const retryInMs = pauseMs(this.tries, this.surroundings.random());
    this.tries += 1;
    this.retry = this.surroundings.setTimeout(() => this.connect(), retryInMs);
    this.listener.connection({ kind: 'lost', why, retryInMs });
  }
}

/** Browsers say `Failed to fetch`, `NetworkError …`, `Load failed`: one thing. What is not JSON is a fault of the server's. */
function wordsOf(error: Error): string {
  return error instanceof SyntaxError ? 'the server sent what cannot be read' : 'the server cannot be reached';
}
