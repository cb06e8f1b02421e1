import { createConnection, createServer, type Server } from 'node:net';
import { type Clock, systemClock } from '../../lib/clock';
import { ReadfleetError } from '../../lib/errors';
import { HOST } from '../ports';
import { CLEAR, type Conditions } from './conditions';
import { Connection } from './connection';
import type { MemberNetwork } from './member-network';

/** The longest delay that a timer can take. */
const LONGEST_MS = 2 ** 31 - 1;

/** Timers that no script has to wait for: whoever waits for an answer has a socket that keeps the event loop alive. */
const unreferencedClock: Clock = {
  now: systemClock.now,
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs).unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

/** The way to one member, in this process: a listener in front of its port, which can go wrong in all the ways of a network. */
export class NetworkProxy implements MemberNetwork {
  readonly #member: string;
  readonly #serverPort: () => number;
  readonly #surroundings = { conditions: () => this.#conditions, clock: unreferencedClock, random: Math.random };
  readonly #connections = new Set<Connection>();
  #conditions: Conditions = CLEAR;
  #listener: Server | undefined;
  #port = 0;
  #closed = false;

  /** @param serverPort asked for each connection: a server may come up on another port than was meant */
  constructor(member: string, serverPort: () => number) {
    this.#member = member;
    this.#serverPort = serverPort;
  }

  get port(): number {
    return this.#port;
  }

  get connections(): number {
    return this.#connections.size;
  }

  delay(ms: number, { jitterMs = 0 }: { readonly jitterMs?: number } = {}): void {
    this.#refuseUnless(ms >= 0 && ms <= LONGEST_MS, 'delay', ms, `0 to ${LONGEST_MS} milliseconds`);
    this.#refuseUnless(jitterMs >= 0 && jitterMs <= LONGEST_MS, 'delay', jitterMs, `a jitter of 0 to ${LONGEST_MS} ms`);
    this.#change({ delayMs: ms, jitterMs });
  }

  throttle(bytesPerSecond: number): void {
    this.#refuseUnless(
      bytesPerSecond > 0,
      'throttle',
      bytesPerSecond,
      'more than 0 bytes per second; drop() stops all',
    );
    this.#change({ bytesPerSecond });
  }

  drop(): void {
    this.#change({ partitioned: true });
  }

  reset(): void {
    for (const connection of [...this.#connections]) connection.reset();
  }

  refuse(): void {
    // The kernel closes the port before this returns; connections that were accepted are no part of the listener.
    this.#listener?.close();
    this.#listener = undefined;
  }

  async heal(): Promise<void> {
    if (this.#closed) {
      throw new ReadfleetError('READFLEET_LOCAL_STOPPED', `${this.#member}: network.heal(): the fleet was stopped.`);
    }
    this.#change(CLEAR);
    if (!this.#listener) await this.listen(this.#port);
  }

  /** @throws ReadfleetError `READFLEET_LOCAL_PORT_TAKEN` */
  async listen(port: number): Promise<void> {
    const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      const dial = () => createConnection({ host: HOST, port: this.#serverPort(), allowHalfOpen: true, noDelay: true });
      const connection = new Connection(client, dial, this.#surroundings, () => this.#connections.delete(connection));
      this.#connections.add(connection);
    });
    this.#listener = listener;
    this.#port = port;
    try {
      await new Promise<void>((resolve, reject) => {
        // Refused again before it listened: then it is as the caller wanted it.
        listener.once('listening', resolve).once('close', resolve).once('error', reject);
        listener.listen({ host: HOST, port, exclusive: true }).unref();
      });
    } catch (cause) {
      if (this.#listener === listener) this.#listener = undefined;
      throw new ReadfleetError(
        'READFLEET_LOCAL_PORT_TAKEN',
        `${this.#member}: its network cannot listen on ${HOST}:${port}: ${(cause as Error).message}`,
        { cause },
      );
    }
  }

  /** For good: nothing listens, and every connection is reset. */
  close(): void {
    this.#closed = true;
    this.refuse();
    this.reset();
  }

  #change(conditions: Partial<Conditions>): void {
    this.#conditions = { ...this.#conditions, ...conditions };
    for (const connection of [...this.#connections]) connection.changed();
  }

  #refuseUnless(fine: boolean, operation: string, got: number, rule: string): void {
    if (fine) return;
    throw new ReadfleetError(
      'READFLEET_LOCAL_NETWORK',
      `${this.#member}: network.${operation}(${got}): needs ${rule}.`,
    );
  }
}
