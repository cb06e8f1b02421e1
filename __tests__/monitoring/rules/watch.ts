import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fleet } from '../../../lib';
import { monitoringHandler, PATHS, type Tick } from '../../../monitoring/http';
import { listen } from '../../../monitoring/listen';
import { fleetRegistry } from '../../../monitoring/prometheus';
import { eventually } from '../../support/eventually';
import { parseScrape, type Scrape } from './exposition';

/** How often /metrics is read, in milliseconds. */
const SCRAPE_MS = 250;

interface Seen<What> {
  /** Monotonic milliseconds. */
  readonly at: number;
  readonly what: What;
}

/** Loads a fleet and looks at it by every way there is: where reads go, /metrics, and the stream that the status page lives on. */
export class Watch {
  readonly scrapes: Seen<Scrape>[] = [];
  /** What the page was sent of members' states. */
  readonly ticks: Seen<Tick>[] = [];
  /** Members that reads were sent to. */
  readonly reads: Seen<string>[] = [];
  private going = true;
  private readonly ended = new AbortController();
  private readonly running: Promise<unknown>[] = [];
  private readonly stopListening: () => void;

  private constructor(
    private readonly fleet: Fleet,
    private readonly server: Server,
    private readonly base: string,
  ) {
    this.stopListening = listen(fleet.contract, {
      decision: ({ kind, member }) => {
        if (kind === 'read') this.reads.push({ at: performance.now(), what: member });
      },
    });
    this.running.push(this.follow(), this.scrape(), this.write(), this.read());
  }

  /** Resolves when every member serves, and every way has shown so. */
  static async start(fleet: Fleet): Promise<Watch> {
    await fleet.write('create table if not exists beat (n int)');
    const handler = monitoringHandler(fleet, { token: false, metrics: fleetRegistry(fleet) });
    const server = createServer(handler);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const watch = new Watch(fleet, server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await eventually(() => watch.scrapes.length > 0 && watch.ticks.length > 0);
    return watch;
  }

  /** The first of what was seen from `since` on that is so. */
  static first<What>(seen: readonly Seen<What>[], since: number, is: (what: What) => boolean): Seen<What> | undefined {
    return seen.find(({ at, what }) => at >= since && is(what));
  }

  async stop(): Promise<void> {
    this.going = false;
    this.ended.abort();
    this.stopListening();
    try {
      await Promise.all(this.running);
    } finally {
      await new Promise((resolve) => this.server.close(resolve));
    }
  }

  private async scrape(): Promise<void> {
    while (this.going) {
      const text = await (await fetch(`${this.base}${PATHS.metrics}`)).text();
      this.scrapes.push({ at: performance.now(), what: parseScrape(text) });
      await delay(SCRAPE_MS);
    }
  }

  private async follow(): Promise<void> {
    const { signal } = this.ended;
    try {
      const { body } = await fetch(`${this.base}${PATHS.stream}`, { signal });
      if (!body) throw new Error('The stream has no body.');
      let text = '';
      for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        const messages = text.split('\n\n');
        text = messages.pop() ?? '';
        for (const message of messages) {
          const [, event, data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(message) ?? [];
          if (event === 'tick') this.ticks.push({ at: performance.now(), what: JSON.parse(data) as Tick });
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  private async write(): Promise<void> {
    for (let n = 0; this.going; n += 1) {
      await this.fleet.write('insert into beat values ($1)', [n]);
      await delay(20);
    }
  }

  /** Two hundred reads a second, if the machine can. */
  private async read(): Promise<void> {
    while (this.going) {
      await this.fleet.read('select max(n) from beat');
      await delay(5);
    }
  }
}
