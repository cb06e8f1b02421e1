import { connect, type Fleet } from '../../../lib';
import type { Priority } from '../../../lib/policy/policy';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { eventually } from '../../support/eventually';
import { keepAsking, type LoadResult } from '../../support/load';
import { told } from './report';

const MAX = 2;

let local: LocalFleet;
let fleet: Fleet;
const ends: (() => Promise<LoadResult>)[] = [];

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'] });
  fleet = await connect(local.contract, { bulkhead: { max: MAX, queue: 10, waitMs: 60_000 } });
});

afterAll(async () => {
  const ended = ends.map((end) => end());
  await fleet?.close();
  await Promise.all(ended);
  await local?.stop();
});

test('the primary cannot bear all reads: those of low priority are shed, none of high priority is, and no more than its share runs there', async () => {
  await local.replica('blue').kill();
  await eventually(() => fleet.status().members.find(({ name }) => name === 'blue')?.state.kind === 'ejected');
  const done: Record<Priority, number> = { low: 0, normal: 0, high: 0 };
  let mostAtOnce = 0;
  const asking = (priority: Priority) => async () => {
    const answer = fleet.query('select pg_sleep(0.002)', [], { priority });
    mostAtOnce = Math.max(mostAtOnce, fleet.status().bulkhead.active);
    await answer;
    done[priority] += 1;
  };
  const endLow = keepAsking(40, asking('low'));
  // Fewer than may wait: none of them ever finds the queue full of its own kind.
  const endHigh = keepAsking(5, asking('high'));
  ends.push(endLow, endHigh);
  const atPrimary: number[] = [];
  await eventually(async () => {
    const [row] = await local.primary.query<{ active: number }>(
      `select count(*)::int as active from pg_stat_activity where state = 'active' and query = 'select pg_sleep(0.002)'`,
    );
    atPrimary.push(row?.active ?? 0);
    return done.high > 200 && fleet.status().bulkhead.shed > 200;
  });
  const [low, high] = await Promise.all([endLow(), endHigh()]);

  expect(high.failures.map(told)).toEqual([]);
  expect(new Set(low.failures.map((error) => (error as { code?: string }).code))).toEqual(new Set(['READFLEET_SHED']));
  expect(fleet.status().bulkhead).toMatchObject({ active: 0, queued: 0, shed: low.failures.length });
  expect(mostAtOnce).toBe(MAX);
  // As the server itself sees it.
  expect(Math.max(...atPrimary)).toBeLessThanOrEqual(MAX);
  process.stdout.write(
    `tiny bulkhead: ${done.high} of high priority answered, 0 shed; ${done.low} of low priority answered, ${low.failures.length} shed\n`,
  );
});
