import type { Pool } from 'pg';
import {
  type ConnectOptions,
  connect,
  type Fleet,
  type FleetContract,
  type FleetPool,
  type FleetSource,
  type MemberState,
  type MemberStatus,
  type PassedOver,
  ReadfleetError,
  type ReadOptions,
} from '../../lib';

/** Whether two types are the very same, and not just assignable. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles when the two types are the same. */
function same<A, B>(..._: Same<A, B> extends true ? [] : [never]): void {
  // The compiler is the test.
}

declare const fleet: Fleet;
declare const contract: FleetContract;
declare const error: unknown;

interface Note {
  readonly id: string;
  readonly body: string;
}

/** Never called: the compiler is the test. */
async function rowsHaveTheTypeThatTheCallerNames(): Promise<void> {
  const { rows, rowCount } = await fleet.query<Note>('select * from note');
  same<typeof rows, Note[]>();
  same<typeof rowCount, number | null>();
  same<Awaited<ReturnType<typeof fleet.read<Note>>>['rows'], Note[]>();
  same<Awaited<ReturnType<typeof fleet.write<Note>>>['rows'], Note[]>();
  same<Awaited<ReturnType<typeof fleet.criticalRead<Note>>>['rows'], Note[]>();
  // @ts-expect-error: a note has no such column
  rows[0]?.author;
  // @ts-expect-error: there may be no row
  rows[0].id;
  // @ts-expect-error: a row is an object
  await fleet.query<string>('select 1');
  // @ts-expect-error: values are a list
  await fleet.query('select $1', 1);
  // @ts-expect-error: a statement is a text or a config
  await fleet.query(1);
  await fleet.query({ name: 'notes', text: 'select * from note where id = $1', values: [1] });
}

async function readsSayWhatTheyAskFor(): Promise<void> {
  const { signal } = new AbortController();
  const everything: Required<ReadOptions> = {
    endpoint: 'shop',
    maxStalenessMs: Number.POSITIVE_INFINITY,
    consistency: 'session',
    priority: 'high',
    signal,
    timeoutMs: 1,
    attemptTimeoutMs: 1,
    hedge: true,
    rolloutKey: 'user 7',
  };
  await fleet.query('select 1', [], everything);
  await fleet.read('select 1', undefined, { consistency: 'eventual' });
  await fleet.transaction(async () => 1, { ...everything, readOnly: true, isolation: 'repeatable read' });
  // @ts-expect-error: no such option
  await fleet.query('select 1', [], { maxStaleness: 5 });
  // @ts-expect-error: no such consistency
  await fleet.query('select 1', [], { consistency: 'causal' });
  // @ts-expect-error: no such priority
  await fleet.query('select 1', [], { priority: 'urgent' });
  // @ts-expect-error: milliseconds
  await fleet.query('select 1', [], { timeoutMs: '1s' });
  // @ts-expect-error: a signal, not who sends it
  await fleet.query('select 1', [], { signal: new AbortController() });
  // @ts-expect-error: a write asks for nothing of the kind
  await fleet.write('select 1', [], { consistency: 'strong' });
  // @ts-expect-error: a critical read asks for it already
  await fleet.criticalRead('select 1', [], { consistency: 'strong' });
}

async function transactionsGiveWhatTheirWorkGives(): Promise<void> {
  same<Awaited<ReturnType<typeof transacted>>, Note[]>();
  // @ts-expect-error: no such isolation
  await fleet.transaction(async () => 1, { isolation: 'read uncommitted' });
  // @ts-expect-error: work is asynchronous
  await fleet.transaction(() => 1);
}

function transacted() {
  return fleet.transaction(async ({ query, member }) => {
    same<typeof member, string>();
    return (await query<Note>('select * from note')).rows;
  });
}

async function sessionsGiveWhatTheirWorkGives(): Promise<void> {
  same<Awaited<ReturnType<typeof inSession>>, number>();
  const token: string = await fleet.session.token();
  const resumed: number = await fleet.session.resume(token, () => 7);
  // @ts-expect-error: a token first
  await fleet.session.resume(() => resumed);
}

function inSession() {
  return fleet.session(async () => 7);
}

function eventsSayWhatTheyTell(): void {
  fleet
    .on('state', ({ member, from, to }) => {
      same<typeof member, string>();
      same<typeof from, MemberState>();
      // @ts-expect-error: only some states have a reason
      to.reason;
      if (to.kind === 'ejected') same<typeof to.reason, string>();
    })
    .on('fallback', ({ endpoint, passedOver }) => {
      same<typeof endpoint, string | undefined>();
      const told: readonly PassedOver[] = passedOver;
      same<typeof told, readonly PassedOver[]>();
    })
    .on('breaker', ({ to }) => to.kind === 'open' && same<typeof to.until, number>())
    .on('failover', ({ from, to, reason }) => same<[typeof from, typeof to, typeof reason], [string, string, string]>())
    .on('trouble', ({ error: problem }) => same<typeof problem, Error>())
    .off('hedge', ({ member }) => same<typeof member, string>());
  // @ts-expect-error: no such event
  fleet.on('stat', () => undefined);
  // @ts-expect-error: a failover tells of no member
  fleet.on('failover', ({ member }) => member);
}

async function fleetsComeFromContracts(): Promise<void> {
  const sources: (FleetContract | FleetSource)[] = [
    contract,
    { file: 'fleet.json' },
    { file: 'fleet.json', watch: true },
    () => contract,
    async () => contract,
  ];
  same<Awaited<ReturnType<typeof connect>>, Fleet>();
  await connect(sources[0] ?? contract, { balancer: 'round-robin', endpoints: { shop: { rollout: 5 } } });
  // @ts-expect-error: a path is not a source; write { file }
  await connect('fleet.json');
  // @ts-expect-error: no such option
  await connect(contract, { maxStaleness: 5 });
  // @ts-expect-error: no such balancer
  await connect(contract, { balancer: 'best' });
  // @ts-expect-error: an endpoint has no signal
  await connect(contract, { endpoints: { shop: { signal: new AbortController().signal } } });
  // @ts-expect-error: a pool is told in milliseconds
  const options: ConnectOptions = { pools: { idleTimeout: '30s' } };
  same<typeof options, ConnectOptions>();
}

function poolsAreThoseOfPg(): void {
  const pools: Pool[] = [fleet.pool, fleet.readPool, fleet.writePool];
  same<typeof fleet.pool, FleetPool>();
  pools[0]?.query<Note>('select * from note', (problem, { rows }) =>
    same<[typeof problem, typeof rows], [Error, Note[]]>(),
  );
}

function errorsAreToldByTheirCode(): void {
  // @ts-expect-error: anything may be thrown
  error.code;
  if (ReadfleetError.is(error)) {
    same<typeof error.code, string>();
    same<typeof error.trace, ReadfleetError['trace']>();
  }
}

function whatIsKnownIsNotWritten(): void {
  const { members } = fleet.status();
  same<typeof members, readonly MemberStatus[]>();
  // @ts-expect-error: a copy that nobody is to change
  members.pop();
  // @ts-expect-error: the same for each member
  if (members[0]) members[0].reads = 0;
  // @ts-expect-error: and for the contract
  fleet.contract.version = 1;
}

test.each([
  rowsHaveTheTypeThatTheCallerNames,
  readsSayWhatTheyAskFor,
  transactionsGiveWhatTheirWorkGives,
  sessionsGiveWhatTheirWorkGives,
  eventsSayWhatTheyTell,
  fleetsComeFromContracts,
  poolsAreThoseOfPg,
  errorsAreToldByTheirCode,
  whatIsKnownIsNotWritten,
])('%p is a function that is never called: the compiler is its test', (check) => {
  expect(check).toBeInstanceOf(Function);
});
