import { setTimeout as delay } from 'node:timers/promises';
import { running } from '../../support/activity';
import { eventually } from '../../support/eventually';
import { BOUND_MS } from './fast';
import type { Servers } from './ground';
import type { Remote } from './subject';
import { CallError } from './worker';

/** A subject on its servers. All of them are sound and have caught up when a scenario begins. */
export interface Stage {
  readonly servers: Servers;
  readonly subject: Remote;
  /** Milliseconds after which a read counts as one that is never answered. */
  readonly patienceMs: number;
  /** Starts a second process of the same subject, connects it, and ends it after `work`. */
  another<T>(work: (subject: Remote) => Promise<T>): Promise<T>;
}

/** How a scenario ended. */
export interface Verdict {
  readonly right: boolean;
  /** A word or two for the table, the same each time. */
  readonly saw: string;
  /** What the ORM or the server said, for whoever looks for the cause. */
  readonly why?: string;
}

export interface Scenario {
  readonly name: string;
  /** Whether there is something to see only where there is a fleet. */
  readonly fleetOnly?: boolean;
  run(stage: Stage): Promise<Verdict>;
}

const OK: Verdict = { right: true, saw: 'yes' };

/** Runs a statement, and says which servers were asked for it. */
async function ranOn(
  { servers }: Stage,
  expected: 'primary' | 'replica',
  work: () => Promise<unknown>,
): Promise<Verdict> {
  const { roles, result: error } = await servers.asked(() => outcome(work));
  const where = roles.join(' and ');
  if (error && roles.length === 0) return failed(error);
  if (error && where === 'replica') return { right: false, saw: 'refused by the replica', why: error.message };
  if (error) return failed(error);
  if (where === expected) return OK;
  return { right: false, saw: where === 'replica' ? 'replica, silently' : where };
}

async function outcome(work: () => Promise<unknown>): Promise<Error | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function failed(error: Error): Verdict {
  const kind = error instanceof CallError ? error.kind : 'failed';
  const saw = { failed: 'fails', hung: 'hangs', ended: 'process ends' }[kind];
  return { right: false, saw, why: error.message };
}

/** Finds the row again and again. Right when each answer is there and is the row's. */
async function findsAll({ subject, patienceMs }: Stage, id: number, body: string, times: number): Promise<Verdict> {
  for (let n = 0; n < times; n += 1) {
    const error = await outcome(async () => {
      const found = await within(patienceMs, subject.find(id));
      if (found !== body) throw new Error(`found ${found}, and not ${body}`);
    });
    if (error) return failed(error);
  }
  return OK;
}

async function within<T>(patienceMs: number, work: Promise<T>): Promise<T> {
  const late = new AbortController();
  const timeout = delay(patienceMs, undefined, { signal: late.signal }).then(
    () => Promise.reject(new CallError('hung', `no answer within ${patienceMs} ms`)),
    () => work,
  );
  try {
    return await Promise.race([work, timeout]);
  } finally {
    late.abort();
  }
}

/** In the order of the table. Each has a body of its own, so that none finds the rows of another. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a create runs on the primary',
    run: (stage) => ranOn(stage, 'primary', () => stage.subject.create('created')),
  },
  {
    name: 'a select runs on a replica',
    async run(stage) {
      const id = await stage.servers.row('selected');
      return ranOn(stage, 'replica', () => stage.subject.find(id));
    },
  },
  {
    name: 'a write within a CTE runs on the primary',
    run: (stage) => ranOn(stage, 'primary', () => stage.subject.writeInCte('in a CTE')),
  },
  {
    name: 'a locking read runs on the primary',
    async run(stage) {
      const id = await stage.servers.row('locked');
      return ranOn(stage, 'primary', () => stage.subject.lockingRead(id));
    },
  },
  {
    name: '`nextval` runs on the primary',
    run: (stage) => ranOn(stage, 'primary', () => stage.subject.nextval()),
  },
  {
    name: 'a transaction stays together, and finds what it wrote',
    async run(stage) {
      let found: string | undefined;
      const verdict = await ranOn(stage, 'primary', async () => {
        found = await stage.subject.transaction('in a transaction');
      });
      if (!verdict.right)
        return { ...verdict, saw: verdict.saw === 'primary and replica' ? 'reads escape' : verdict.saw };
      return found === 'in a transaction' ? OK : { right: false, saw: 'does not find it', why: `found ${found}` };
    },
  },
  {
    name: 'a transaction that throws leaves nothing',
    async run({ servers, subject }) {
      await subject.rolledBack('rolled back');
      const left = await servers.count('rolled back');
      return left === 0 ? OK : { right: false, saw: 'rows are left', why: `${left} rows` };
    },
  },
  {
    name: 'a session reads its own write, though replay stands still',
    async run({ servers, subject }) {
      await Promise.all(servers.local.replicas.map((replica) => replica.pauseReplay()));
      const found = await subject.createThenFind('read my write');
      return found === 'read my write' ? OK : { right: false, saw: 'stale', why: `found ${found}` };
    },
  },
  {
    name: 'replicas past the bound of staleness are not read',
    async run({ servers, subject }) {
      await Promise.all(servers.local.replicas.map((replica) => replica.pauseReplay()));
      const id = await subject.create('past the bound');
      // Nothing happens in this time but that it passes: until then the old answer is a right one.
      await delay(BOUND_MS + 100);
      const found = await subject.find(id);
      return found === 'past the bound' ? OK : { right: false, saw: 'stale', why: `found ${found}` };
    },
  },
  {
    name: 'a replica is killed: every read is answered',
    async run(stage) {
      const id = await stage.servers.row('outlives a kill');
      const before = await findsAll(stage, id, 'outlives a kill', 6);
      if (!before.right) return before;
      const [victim] = stage.servers.local.replicas;
      // Reads go on while it dies.
      const [after] = await Promise.all([findsAll(stage, id, 'outlives a kill', 40), victim?.kill()]);
      return after.right ? findsAll(stage, id, 'outlives a kill', 10) : after;
    },
  },
  {
    name: 'the killed replica is back: it is read again',
    fleetOnly: true,
    async run(stage) {
      const { servers, subject } = stage;
      const id = await servers.row('is back');
      const [victim] = servers.local.replicas;
      await victim?.kill();
      await findsAll(stage, id, 'is back', 10);
      await victim?.restart();
      await servers.caughtUp();
      await eventually(() => subject.allServe());
      return ranOn(stage, 'replica', () => subject.find(id));
    },
  },
  {
    name: 'a replica is frozen: every read is answered',
    async run(stage) {
      const id = await stage.servers.row('outlives a freeze');
      const before = await findsAll(stage, id, 'outlives a freeze', 6);
      if (!before.right) return before;
      await stage.servers.local.replicas[0]?.freeze();
      return findsAll(stage, id, 'outlives a freeze', 20);
    },
  },
  {
    name: 'all replicas are gone: the primary answers',
    async run(stage) {
      const id = await stage.servers.row('outlives all');
      await Promise.all(stage.servers.local.replicas.map((replica) => replica.kill()));
      return findsAll(stage, id, 'outlives all', 10);
    },
  },
  {
    name: 'boots while a replica is down',
    async run(stage) {
      const id = await stage.servers.row('boots');
      await stage.servers.local.replicas[0]?.kill();
      try {
        return await stage.another((subject) => findsAll({ ...stage, subject }, id, 'boots', 10));
      } catch (error) {
        return { ...failed(error as Error), saw: 'does not boot' };
      }
    },
  },
  {
    name: 'a read that replay cancels is asked again elsewhere',
    async run({ servers, subject }) {
      await servers.row('goes');
      const { primary, replicas } = servers.local;
      const read = outcome(() => subject.slowRead(2));
      const servedBy = await eventually(async () => {
        const counts = await Promise.all([primary, ...replicas].map((member) => running(member, 'pg_sleep')));
        const place = counts.findIndex((count) => count > 0);
        return place < 0 ? false : [primary, ...replicas][place];
      });
      if (servedBy === primary) return { right: false, saw: 'primary' };
      await primary.query("delete from jotting where body = 'goes'");
      await primary.query('vacuum jotting');
      const error = await read;
      return error ? failed(error) : OK;
    },
  },
  {
    name: 'switched off: everything runs on the primary, and back',
    fleetOnly: true,
    async run(stage) {
      const { subject, servers } = stage;
      const id = await servers.row('switched off');
      await subject.switchOff();
      const off = await ranOn(stage, 'primary', () => subject.find(id));
      await subject.switchOn();
      return off.right ? ranOn(stage, 'replica', () => subject.find(id)) : off;
    },
  },
];
