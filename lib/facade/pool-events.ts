import type { EventEmitter } from 'node:events';
import type { Pool } from 'pg';

type Listener = (...args: unknown[]) => void;

const EVENTS = ['connect', 'acquire', 'release', 'remove', 'error'] as const;

/** Tells the listeners of a facade what the pools behind it tell. Listens to none of them before somebody listens to it. */
export class PoolEvents {
  /** A pool whose member was removed is not left: it still tells of its last connections, and then it is gone with its listeners. */
  private readonly heard = new WeakMap<Pool, readonly (readonly [string, Listener])[]>();
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
      const listeners = EVENTS.map((event): [string, Listener] => [event, (...args) => this.tell(pool, event, args)]);
      this.heard.set(pool, listeners);
      // Node warns of a leak from the eleventh on; as many facades as an app makes are none, since each leaves in the end.
      allowMore(pool, 1);
      for (const [event, listener] of listeners) listenTo(pool, event, listener);
    }
  }

  /** The facade has ended: listens no more. */
  leave(): void {
    this.wanted = false;
    for (const pool of this.pools()) {
      const listeners = this.heard.get(pool);
      if (!listeners) continue;
      this.heard.delete(pool);
      allowMore(pool, -1);
      for (const [event, listener] of listeners) pool.removeListener(event, listener);
    }
  }

  private tell(pool: Pool, event: string, args: unknown[]): void {
    if (!this.shown(pool)) return;
    // An error that nobody listens for would end the process. The fleet itself listens, so here nobody has to.
    if (event !== 'error' || this.facade.listenerCount('error') > 0) this.facade.emit(event, ...args);
  }
}

function listenTo(pool: EventEmitter, event: string, listener: Listener): void {
  pool.on(event, listener);
}

function allowMore(pool: EventEmitter, more: number): void {
  const max = pool.getMaxListeners();
  // 0 stands for any number.
  if (max !== 0) pool.setMaxListeners(max + more);
}
