import { connect, type Fleet, type Priority, type ReadfleetError } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { begun } from '../../support/activity';
import { eventually } from '../../support/eventually';

let local: LocalFleet;
let fleet: Fleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
});

afterAll(async () => {
  await fleet?.close();
  await local?.stop();
});

test('with all replicas gone the primary bears what its bulkhead lets in; the lowest priority is shed first, and what asked for the primary is served', async () => {
  fleet = await connect(local.contract, { bulkhead: { max: 1, queue: 2, waitMs: 60_000 } });
  const shed: string[] = [];
  fleet.on('shed', ({ endpoint, priority }) => shed.push(`${endpoint} ${priority}`));
  await Promise.all(local.replicas.map((replica) => replica.kill()));
  await eventually(() => fleet.status().members.filter(({ state }) => state.kind === 'ejected').length === 2);

  const holding = new AbortController();
  const holder = fleet
    .query(`select pg_sleep(60), 'holds the place'`, [], { signal: holding.signal })
    .catch(() => 'left');
  await begun(local.primary, 'holds the place');
  const outcome = (priority: Priority) =>
    fleet.query('select 1', [], { priority, endpoint: 'shop' }).then(
      () => 'served',
      ({ code }: ReadfleetError) => code,
    );
  const [low, normal, high, late] = [outcome('low'), outcome('normal'), outcome('high'), outcome('low')];
  expect(await low).toBe('READFLEET_SHED');
  expect(await late).toBe('READFLEET_SHED');
  expect(fleet.status().bulkhead).toEqual({ active: 1, queued: 2, shed: 2, max: 1 });

  fleet.flags.disable('closed');
  expect((await fleet.criticalRead('select 1 as one')).rows).toEqual([{ one: 1 }]);
  expect((await fleet.query('select 1 as one', [], { endpoint: 'closed' })).rows).toEqual([{ one: 1 }]);

  holding.abort();
  expect([await holder, await high, await normal]).toEqual(['left', 'served', 'served']);
  await eventually(() => shed.length === 2);
  expect(shed).toEqual(['shop low', 'shop low']);
  expect(fleet.status().bulkhead).toMatchObject({ active: 0, queued: 0 });
});
