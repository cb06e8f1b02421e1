import { Client, type ClientConfig } from 'pg';
import type { Clock } from '../clock';
import { sever } from '../members/sever';
import type { Sighting } from './sighting';
import type { LagSource } from './source';

/** Past its time by this much, a timer tells of a process that stood still, not of a silent server. */
const STALL_MS = 100;

/** What a {@link Probe} asks, and what it makes of the answer. */
export interface Question<Answer> extends Pick<LagSource, 'sql'> {
  /** @param at monotonic milliseconds at which the question was sent */
  toSighting(row: Readonly<Record<string, unknown>>, at: number): Answer;
}

/**
 * Asks one member how it is, over a connection of its own: a pool that is full, or full of dead connections, must not hide a sound member,
 * nor a sound connection a dead one.
 */
export class Probe<Answer = Sighting> {
  private client: Client | undefined;

  /**
   * @param onBroken told when the connection broke between two questions: the earliest sign that a server went
   * @param source   what is asked
   */
  constructor(
    private readonly config: ClientConfig,
    private readonly timeoutMs: number,
    private readonly clock: Clock,
    private readonly onBroken: ((error: Error) => void) | undefined,
    private readonly source: Question<Answer>,
  ) {}

  /** @throws whatever kept the member from answering within the time; the next question opens a new connection */
  async ask(): Promise<Answer> {
    try {
      return await this.withinTime(this.question());
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Drops the connection, without waiting for a server that may not answer. */
  close(): void {
    const { client } = this;
    this.client = undefined;
    if (client) sever(client);
  }

  private async question(): Promise<Answer> {
    const client = this.client ?? (await this.open());
    const at = this.clock.now();
    const { rows } = await client.query<Record<string, unknown>>(this.source.sql);
    return this.source.toSighting(rows[0] as Record<string, unknown>, at);
  }

  private async open(): Promise<Client> {
    const client = new Client(this.config);
    client.on('error', (error) => {
      if (this.client !== client) return;
      this.client = undefined;
      this.onBroken?.(error);
    });
    this.client = client;
    await client.connect();
    return client;
  }

  private withinTime(answer: Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const due = this.clock.now() + this.timeoutMs;
      const expire = () => reject(new Error(`no answer within ${this.timeoutMs} ms`));
      let timer = this.clock.after(this.timeoutMs, () => {
        // An answer may lie unread in the socket while our own process was busy: let it be read before the member is blamed.
        if (this.clock.now() - due > STALL_MS) timer = this.clock.after(STALL_MS, expire);
        else expire();
      });
      answer.then(resolve, reject).finally(() => timer.cancel());
    });
  }
}
