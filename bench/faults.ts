import { setTimeout as delay } from 'node:timers/promises';
import type { LocalFleet, Parameters } from '../local';
import { DIVERGENT } from './load';

/** Something that goes wrong in a fleet of a primary and two replicas. */
export interface Fault {
  readonly name: string;
  /** What happens, for the heading of its table. */
  readonly what: string;
  /** What one has to know to make it happen. */
  readonly how?: string;
  readonly parameters?: Parameters;
  /** Each so many-th read is one that takes some milliseconds. */
  readonly slowEvery?: number;
  /** Happens before the candidate connects. */
  before?(local: LocalFleet): Promise<void>;
  /** Happens while it reads. Ends when the signal does. */
  strike?(local: LocalFleet, signal: AbortSignal): Promise<void>;
}

/** The one that a bare pool reads from. */
const VICTIM = 'replica-1';

export const FAULTS: readonly Fault[] = [
  {
    name: 'killed',
    what: 'One of two replicas is killed (SIGKILL) and stays down',
    strike: (local) => local.replica(VICTIM).kill(),
  },
  {
    name: 'frozen',
    what: 'One of two replicas freezes (SIGSTOP): it accepts connections and never answers',
    strike: (local) => local.replica(VICTIM).freeze(),
  },
  {
    name: 'replay paused',
    what: 'One of two replicas stops replaying, and answers as before',
    strike: (local) => local.replica(VICTIM).pauseReplay(),
  },
  {
    name: 'all killed',
    what: 'Both replicas are killed',
    async strike(local) {
      await Promise.all(local.replicas.map((replica) => replica.kill()));
    },
  },
  {
    name: 'promoted',
    what: 'One of two replicas is promoted by accident, and somebody writes to it',
    async strike(local) {
      const replica = local.replica(VICTIM);
      await replica.promote();
      await replica.query('update note set body = $1 where id = 1', [DIVERGENT]);
    },
  },
  {
    name: 'recovery conflict',
    what: 'Vacuum on the primary cancels slow reads on the replicas',
    how: 'Each 25th read takes some ten milliseconds; `max_standby_streaming_delay` is 0.',
    parameters: { max_standby_streaming_delay: 0 },
    slowEvery: 25,
    async strike(local, signal) {
      while (!signal.aborted) {
        await local.primary.query('update note set body = body where id > 1');
        await local.primary.query('vacuum note');
        await delay(100);
      }
    },
  },
  {
    name: 'down at start',
    what: 'One of two replicas is down while the app starts',
    before: (local) => local.replica(VICTIM).kill(),
  },
];
