import type { EventEmitter } from 'node:events';
import type { PoolClient } from 'pg';

/** What a pool's client tells that is of use to whoever checked it out. */
const EVENTS = ['error', 'notice', 'notification', 'drain', 'end'] as const;

/**
 * A connection behind a {@link FleetClient}.
 *
 * - `while needed`: on a replica, for as long as a read-only transaction or the cursor of a read lives there
 * - `until release`: the session has state, something was written, or the connection broke; `pg` alone keeps the order from here on
 */
export class Borrowed {
  stays: 'while needed' | 'until release';
  /** Whether the session has state that outlives its transaction: the connection cannot be given back before release. */
  stateful = false;
  /** Whether it has been heard that the connection broke. */
  broken = false;
  /** To be called once when everything that was asked on the connection has ended. */
  onIdle: (() => void) | undefined;
  /** To be called when everything that was asked has ended, or was given up by giving the connection back. */
  private readonly untold: (() => void)[] = [];
  private readonly listeners: ReadonlyArray<readonly [string, (...args: unknown[]) => void]>;

  /**
   * @param owner    hears the events of the connection
   * @param onBroken told when the connection breaks
   */
  constructor(
    readonly client: PoolClient,
    readonly onPrimary: boolean,
    stays: 'while needed' | 'until release',
    owner: EventEmitter,
    onBroken: (borrowed: Borrowed) => void,
  ) {
    this.stays = stays;
    this.listeners = EVENTS.map((event) => [event, (...args: unknown[]) => this.heard(event, args, owner, onBroken)]);
    for (const [event, listener] of this.listeners) listenTo(client, event, listener);
  }

  /** Whether nothing of the session is left on the connection. */
  get over(): boolean {
    return this.stays === 'while needed' && !this.stateful && this.client.getTransactionStatus() === 'I';
  }

  /** Back to its pool, which may be a busy one: nothing of this use is left on it. */
  giveBack(error?: Error | boolean): void {
    for (const [event, listener] of this.listeners) this.client.removeListener(event, listener);
    this.tell();
    this.client.release(error);
  }

  /** For statements that speak the protocol themselves: they have no one way to say that they ended. */
  tellOnceIdle(tell: () => void): void {
    this.untold.push(tell);
  }

  private heard(event: string, args: unknown[], owner: EventEmitter, onBroken: (borrowed: Borrowed) => void): void {
    // An error that nobody listens for would end the process; the statement under way fails with it all the same.
    if (event !== 'error' || owner.listenerCount('error') > 0) owner.emit(event, ...args);
    if (event === 'drain') this.idle();
    if (event !== 'error' && event !== 'end') return;
    this.broken = true;
    onBroken(this);
  }

  private tell(): void {
    for (const tell of this.untold.splice(0)) tell();
  }

  private idle(): void {
    this.tell();
    const { onIdle } = this;
    this.onIdle = undefined;
    onIdle?.();
  }
}

function listenTo(client: EventEmitter, event: string, listener: (...args: unknown[]) => void): void {
  client.on(event, listener);
}
