import type { Recorder } from '../recorder';
import type { Hello } from '../view';
import type { StreamClient } from './exchange';

/** Sends what a recorder sees to whoever follows, as server-sent events (WHATWG HTML, 9.2). A message is written once, however many follow. */
export class Streams {
  private readonly clients = new Set<StreamClient>();
  private unfollow: (() => void) | undefined;
  private ended = false;

  constructor(private readonly recorder: Recorder) {}

  /** @returns to be called when the client has gone */
  open(client: StreamClient, hello: Hello): () => void {
    if (this.ended) {
      client.end();
      return () => undefined;
    }
    this.clients.add(client);
    this.unfollow ??= this.recorder.follow({
      tick: (tick) => this.sendAll('tick', tick),
      told: (told) => this.sendAll('told', told),
    });
    this.send(client, message('hello', hello));
    return () => this.leave(client);
  }

  /** Whoever comes from now on is sent away. */
  close(): void {
    this.ended = true;
    const clients = [...this.clients];
    for (const client of clients) {
      this.leave(client);
      client.end();
    }
  }

  get closed(): boolean {
    return this.ended;
  }

  private sendAll(event: string, data: unknown): void {
    const text = message(event, data);
    for (const client of [...this.clients]) this.send(client, text);
  }

  private send(client: StreamClient, text: string): void {
    if (client.send(text)) return;
    this.leave(client);
    client.drop();
  }

  private leave(client: StreamClient): void {
    this.clients.delete(client);
    if (this.clients.size > 0) return;
    this.unfollow?.();
    this.unfollow = undefined;
  }
}

function message(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
