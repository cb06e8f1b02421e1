import { setImmediate as turn } from 'node:timers/promises';
import type { Fleet } from '../../../lib';
import type { LocalFleet } from '../../../local';
import { befall, Pace, type Told } from './faults';
import type { Operation } from './history';
import type { Actor, Program, Step, Way } from './program';

/** A statement that failed. */
export interface Failure {
  readonly at: number;
  readonly step: Step;
  readonly error: unknown;
}

export interface Outcome {
  readonly history: readonly Operation[];
  readonly failures: readonly Failure[];
  readonly faults: readonly Told[];
}

export const TABLE = 'create table register (run int, key text, value int not null, primary key (run, key))';
/** A key never goes back, also when a write whose fate was unknown comes late. */
const WRITE = `
insert into register values ($1, $2, $3)
on conflict (run, key) do update set value = greatest(register.value, excluded.value)`;
/** Milliseconds, while the primary may be behind a network that drops everything. */
const WRITE_TIMEOUT_MS = 500;
/** Milliseconds, of a primary that nothing befalls: a machine that stands still for a moment breaks no promise. */
const SOUND_WRITE_TIMEOUT_MS = 20_000;
/** Milliseconds: longer than any statement may take. */
const LONGEST_MS = 30_000;
/** One row, so that it is known who answered also when there is nothing to see. Who asks that is taken to mean the primary, unless he says otherwise. */
export const READ = `
/* readfleet: replica */
select coalesce(json_object_agg(key, value), '{}') as seen, not pg_is_in_recovery() as "onPrimary"
  from register where run = $1`;

interface Row {
  readonly seen: Readonly<Record<string, number>>;
  readonly onPrimary: boolean;
}

/**
 * Runs a program, and tells what everybody saw.
 *
 * @param processes the fleet, connected to once for each process that sessions move between
 * @param run       keeps the keys of one run from those of another
 */
export async function execute(
  program: Program,
  local: LocalFleet,
  processes: readonly Fleet[],
  run: number,
): Promise<Outcome> {
  const history: Operation[] = [];
  const failures: Failure[] = [];
  const faults: Told[] = [];
  const underWay = new Set<UnderWay>();
  const pace = new Pace();
  const tell = (what: string) => faults.push({ at: performance.now(), what });
  const incidents = [
    befall(local.primary, program.primary, pace, tell),
    ...local.replicas.map((replica, index) => befall(replica, program.replicas[index] ?? [], pace, tell)),
  ];
  let befalling = true;
  const acting = program.actors.map((actor, index) => {
    const writeTimeoutMs = program.primary.length === 0 ? SOUND_WRITE_TIMEOUT_MS : WRITE_TIMEOUT_MS;
    const acts = new Acting(`key ${index}`, { processes, run, history, failures, underWay, pace, writeTimeoutMs });
    return acts.until(actor, () => !befalling);
  });
  const all = async () => {
    const ended = await Promise.allSettled(incidents);
    befalling = false;
    await Promise.all(acting);
    for (const incident of ended) if (incident.status === 'rejected') throw incident.reason;
  };
  await whileStatementsEnd(all(), underWay, () => toldOf(underWay, faults, processes)).finally(() => {
    befalling = false;
  });
  return { history, failures, faults };
}

/** As `work`; but a statement that hangs is told as that, and not as a test that took too long. */
function whileStatementsEnd(work: Promise<void>, underWay: ReadonlySet<UnderWay>, told: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      const [oldest] = underWay;
      if (oldest && performance.now() - oldest.since > LONGEST_MS)
        reject(new Error(`A statement has not ended within ${LONGEST_MS} ms.\n${told()}`));
    }, 500);
    work.then(resolve, reject).finally(() => clearInterval(timer));
  });
}

/** For people, of a program in which a statement hangs. */
function toldOf(underWay: ReadonlySet<UnderWay>, faults: readonly Told[], processes: readonly Fleet[]): string {
  const now = performance.now();
  return [
    'Under way:',
    ...[...underWay].map(
      ({ key, step, since }) => `  for ${Math.round(now - since)} ms: ${key}, ${JSON.stringify(step)}`,
    ),
    'Faults so far:',
    ...faults.map(({ at, what }) => `  ${Math.round(now - at)} ms ago: ${what}`),
    ...processes.map((fleet) => JSON.stringify(fleet.status())),
  ].join('\n');
}

/** A step that has not ended. */
interface UnderWay {
  readonly key: string;
  readonly step: Step;
  readonly since: number;
}

interface Stage {
  readonly processes: readonly Fleet[];
  readonly run: number;
  readonly history: Operation[];
  readonly failures: Failure[];
  readonly underWay: Set<UnderWay>;
  readonly pace: Pace;
  readonly writeTimeoutMs: number;
}

/** One actor: a session that moves from process to process, and the only writer of a key. */
class Acting {
  private process = 0;
  private token: string | undefined;
  private written = 0;
  /** Sessions that this actor had: one that got no token ends, and its promises with it. */
  private sessions = 1;

  constructor(
    private readonly key: string,
    private readonly stage: Stage,
  ) {}

  async until(actor: Actor, over: () => boolean): Promise<void> {
    let next = 0;
    const stay = async (fleet: Fleet) => {
      do {
        const group = actor[next % actor.length] ?? [];
        next += 1;
        if (group[0]?.kind === 'move') return this.leave(fleet);
        await Promise.all(group.map((step) => this.perform(fleet, step)));
      } while (!over() || next < actor.length);
    };
    do {
      const fleet = this.stage.processes[this.process] as Fleet;
      if (this.token === undefined) await fleet.session(() => stay(fleet));
      else await fleet.session.resume(this.token, () => stay(fleet));
    } while (!over() || next < actor.length);
  }

  private get session(): string {
    return `${this.key}, session ${this.sessions}`;
  }

  private async leave(fleet: Fleet): Promise<void> {
    this.process = (this.process + 1) % this.stage.processes.length;
    try {
      this.token = await fleet.session.token();
    } catch (error) {
      this.stage.failures.push({ at: performance.now(), step: { kind: 'move' }, error });
      this.token = undefined;
      this.sessions += 1;
    }
    // A token for nothing new is had without a question: who does nothing but move would keep everybody else from doing anything.
    await turn();
    this.stage.pace.step();
  }

  private async perform(fleet: Fleet, step: Step): Promise<void> {
    const { failures, pace, underWay } = this.stage;
    const doing: UnderWay = { key: this.key, step, since: performance.now() };
    underWay.add(doing);
    try {
      if (step.kind === 'write') await this.write(fleet);
      if (step.kind === 'read') await this.read(fleet, step);
    } catch (error) {
      failures.push({ at: performance.now(), step, error });
    }
    underWay.delete(doing);
    pace.step();
  }

  private async write(fleet: Fleet): Promise<void> {
    const { history, run, writeTimeoutMs } = this.stage;
    this.written += 1;
    const write = { kind: 'write', session: this.session, key: this.key, value: this.written } as const;
    const begin = performance.now();
    let acknowledged = false;
    try {
      // Behind a network that drops everything an answer may never come.
      await fleet.query(WRITE, [run, this.key, write.value], { timeoutMs: writeTimeoutMs });
      acknowledged = true;
    } finally {
      history.push({ ...write, acknowledged, begin, end: performance.now() });
    }
  }

  private async read(fleet: Fleet, { way, own, boundMs }: Extract<Step, { kind: 'read' }>): Promise<void> {
    const { history, run } = this.stage;
    const begin = performance.now();
    const [row] = await readBy(way, fleet, run, { maxStalenessMs: boundMs, consistency: own ? 'session' : 'eventual' });
    const { seen, onPrimary } = row as Row;
    const bound = promisedBy(way, boundMs);
    history.push({
      kind: 'read',
      ...(own && { session: this.session }),
      ...(bound !== Number.POSITIVE_INFINITY && { boundMs: bound }),
      seen: new Map(Object.entries(seen)),
      onPrimary,
      begin,
      end: performance.now(),
    });
  }
}

/** The bound that holds: a pool takes none and has the default one, and a strong read sees everything. */
function promisedBy(way: Way, boundMs: number): number {
  if (way === 'pool') return 1_000;
  return way === 'strong' ? 0 : boundMs;
}

async function readBy(way: Way, fleet: Fleet, run: number, options: object): Promise<readonly Row[]> {
  switch (way) {
    case 'query':
      return (await fleet.query<Row>(READ, [run], options)).rows;
    case 'pool':
      return (await fleet.pool.query<Row>(READ, [run])).rows;
    case 'strong':
      return (await fleet.criticalRead<Row>(READ, [run])).rows;
    case 'transaction':
      return fleet.transaction(async (transaction) => (await transaction.query<Row>(READ, [run])).rows, {
        ...options,
        readOnly: true,
      });
  }
}
