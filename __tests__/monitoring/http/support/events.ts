/** One server-sent event. */
export interface Sent {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: each event has a shape of its own, which the test knows
  readonly data: any;
}

/** Reads a stream of server-sent events, one after the other. */
export class EventReader {
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  private readonly decoder = new TextDecoder();
  private text = '';

  constructor({ body }: Response) {
    if (!body) throw new Error('the answer has no body');
    this.reader = body.getReader();
  }

  /** @returns undefined at the end */
  async next(): Promise<Sent | undefined> {
    for (;;) {
      const end = this.text.indexOf('\n\n');
      if (end >= 0) {
        const [event = '', data = ''] = this.text.slice(0, end).split('\n');
        this.text = this.text.slice(end + 2);
        return { event: event.replace('event: ', ''), data: JSON.parse(data.replace('data: ', '')) };
      }
      const { done, value } = await this.reader.read();
      if (done) return undefined;
      this.text += this.decoder.decode(value, { stream: true });
    }
  }

  /** The next of this name. */
  async nextOf(event: string): Promise<Sent['data']> {
    for (;;) {
      const sent = await this.next();
      if (!sent) throw new Error(`the stream ended before any ${event}`);
      if (sent.event === event) return sent.data;
    }
  }

  leave(): Promise<void> {
    return this.reader.cancel();
  }
}
