import fc from 'fast-check';
import type { Fleet } from '../../../lib';
import type { LocalFleet } from '../../../local';
import { befall, type Incident, incidents, Pace, PRIMARY_FAULTS, REPLICA_FAULTS, type Told } from './faults';
import type { Operation } from './history';

export type Step = { readonly kind: 'write' } | { readonly kind: 'read'; readonly boundMs: number };

/** Who does what, again and again until the last fault is over, and what befalls whom meanwhile. */
export interface Program {
  readonly actors: readonly (readonly Step[])[];
  /** Of each replica, in their order. */
  readonly replicas: readonly (readonly Incident[])[];
  readonly primary: readonly Incident[];
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: 'write' } as const) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('read' as const), boundMs: fc.constantFrom(0, 50, 150, 400, 1_000) }),
  },
);

export function programs(replicas: number): fc.Arbitrary<Program> {
  return fc.record({
    actors: fc.array(fc.array(step, { minLength: 2, maxLength: 8 }), { minLength: 3, maxLength: 4 }),
    replicas: fc.tuple(
      ...Array.from({ length: replicas }, () => fc.array(incidents(REPLICA_FAULTS), { minLength: 1, maxLength: 2 })),
    ),
    // Most of the time it is the replicas that fail: only then every read has to be answered.
    primary: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(incidents(PRIMARY_FAULTS), { minLength: 1, maxLength: 1 }) },
    ),
  });
}

export interface Outcome {
  readonly history: readonly Operation[];
  readonly failures: readonly { readonly at: number; readonly error: unknown }[];
  readonly faults: readonly Told[];
}

/** @param run keeps the keys of one run from those of another */
export async function execute(program: Program, local: LocalFleet, fleet: Fleet, run: number): Promise<Outcome> {
  const pace = new Pace();
  const history: Operation[] = [];
  const failures: { at: number; error: unknown }[] = [];
  const faults: Told[] = [];
  const tell = (what: string) => faults.push({ at: performance.now(), what });
  let befalling = true;

  async function act(steps: readonly Step[], session: string): Promise<void> {
    let written = 0;
    do {
      for (const each of steps) {
        const begin = performance.now();
        let failure: unknown;
        if (each.kind === 'write') {
          written += 1;
          failure = await fleet.query(WRITE, [run, session, written]).then(() => undefined, String);
          const acknowledged = failure === undefined;
          history.push({
            kind: 'write',
            session,
            key: session,
            value: written,
            acknowledged,
            begin,
            end: performance.now(),
          });
        } else {
          const { boundMs } = each;
          failure = await fleet.query<Row>(READ, [run], { maxStalenessMs: boundMs }).then(({ rows }) => {
            const seen = new Map(rows.map(({ key, value }) => [key, value]));
            history.push({ kind: 'read', seen, boundMs, begin, end: performance.now() });
          }, String);
        }
        if (failure !== undefined) failures.push({ at: performance.now(), error: failure });
        pace.step();
      }
    } while (befalling);
  }

  const scripts = [
    befall(local.primary, program.primary, pace, tell),
    ...local.replicas.map((replica, index) => befall(replica, program.replicas[index] ?? [], pace, tell)),
  ];
  const acting = Promise.all(program.actors.map((steps, index) => act(steps, `actor ${index}`)));
  const ended = await Promise.allSettled(scripts);
  befalling = false;
  await acting;
  for (const script of ended) if (script.status === 'rejected') throw script.reason;
  return { history, failures, faults };
}

/** A key never goes back, also when a write whose fate was unknown comes late. */
const WRITE = `
insert into register values ($1, $2, $3)
on conflict (run, key) do update set value = greatest(register.value, excluded.value)`;
const READ = 'select key, value from register where run = $1';
export const TABLE = 'create table register (run int, key text, value int not null, primary key (run, key))';

interface Row {
  readonly key: string;
  readonly value: number;
}
