import fc from 'fast-check';
import { type Incident, incidents, PRIMARY_FAULTS, REPLICA_FAULTS } from './faults';

/** The ways of a read through the fleet. */
export type Way = 'query' | 'pool' | 'transaction' | 'strong';

export type Step =
  | { readonly kind: 'write' }
  /** `own`: whether it promises what its session promises, besides its bound. */
  | { readonly kind: 'read'; readonly way: Way; readonly own: boolean; readonly boundMs: number }
  /** Its session goes on in another process, by its token. */
  | { readonly kind: 'move' };

/** One session: what it does again and again. The steps of a group are under way at once. */
export type Actor = readonly (readonly Step[])[];

/** Who does what until the last fault is over, and what befalls whom meanwhile. */
export interface Program {
  readonly actors: readonly Actor[];
  /** Of each replica, in their order. */
  readonly replicas: readonly (readonly Incident[])[];
  readonly primary: readonly Incident[];
}

/** Without a prototype, as fast-check makes them otherwise, they print badly. */
const PLAIN = { noNullPrototype: true } as const;

const read: fc.Arbitrary<Step> = fc.oneof(
  // Any age will do, but for the session: whatever keeps these from being too old is the session itself.
  {
    weight: 3,
    arbitrary: fc.record(
      {
        kind: fc.constant('read' as const),
        way: fc.constantFrom<Way>('query', 'query', 'query', 'pool', 'transaction', 'strong'),
        own: fc.constant(true),
        boundMs: fc.constantFrom(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 400),
      },
      PLAIN,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        kind: fc.constant('read' as const),
        way: fc.constant<Way>('query'),
        own: fc.constant(false),
        boundMs: fc.constantFrom(0, 50, 150, 400, 1_000),
      },
      PLAIN,
    ),
  },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('write' as const) }, PLAIN) },
  { weight: 6, arbitrary: read },
);

/** A session moves when nothing is under way. */
const group = fc.oneof(
  { weight: 8, arbitrary: fc.array(step, { minLength: 1, maxLength: 3 }) },
  { weight: 2, arbitrary: fc.constant<Step[]>([{ kind: 'move' }]) },
);

export function programs(replicas: number): fc.Arbitrary<Program> {
  const script = fc.array(incidents(REPLICA_FAULTS, 1_000), { minLength: 1, maxLength: 2 });
  return fc.record(
    {
      actors: fc.array(fc.array(group, { minLength: 2, maxLength: 8 }), { minLength: 3, maxLength: 4 }),
      replicas: fc.tuple(...Array.from({ length: replicas }, () => script)),
      // Most of the time it is the replicas that fail: only then every read has to be answered.
      primary: fc.oneof(
        { weight: 4, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(incidents(PRIMARY_FAULTS, 80), { minLength: 1, maxLength: 1 }) },
      ),
    },
    PLAIN,
  );
}
