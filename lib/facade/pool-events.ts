import type { EventEmitter } from 'node:events';
import type { Pool } from 'pg';

const EVENTS = ['connect', 'acquire', 'release', 'remove', 'error'] as const;

/** Tells the listeners of a facade what the pools behind it tell. Listens to none of them before somebody listens to it. */
export class PoolEvents {
  /** Never left again: a pool whose member was removed still tells of its last connections, and then it is gone with its listeners. */
  private readonly heard = new WeakSet<Pool>();
  private wanted = false;

  /**
   * @param pools every pool that may ever be behind the facade, as of now
   * @param shown whether what a pool tells is of the facade, as things stand
   */
  constructor(
    private readonly facade: EventEmitter,
    private readonly pools: () => readonly Pool[],
    private readonly shown: (pool: Pool) => boolean,
  ) {}

  /** Somebody listens to `event`. */
  want(event: string | symbol): void {
    if (this.wanted || !EVENTS.includes(event as (typeof EVENTS)[number])) return;
    this.wanted = true;
    this.poolsChanged();
  }

  /** Other pools may be behind the facade now. */
  poolsChanged(): void {
    if (!this.wanted) return;
    for (const pool of this.pools()) {
      if (this.heard.has(pool)) continue;
      this.heard.add(pool);
      for (const event of EVENTS) listenTo(pool, event, (...args) => this.tell(pool, event, args));
    }
  }

  private tell(pool: Pool, event: string, args: unknown[]): void {
    if (!this.shown(pool)) return;
    // An error that nobody listens for would end the process. The fleet itself listens, so here nobody has to.
    if (event !== 'error' || this.facade.listenerCount('error') > 0) this.facade.emit(event, ...args);
  }
}

function listenTo(pool: EventEmitter, event: string, listener: (...args: unknown[]) => void): void {
  pool.on(event, listener);
}
