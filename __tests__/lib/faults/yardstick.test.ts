import { type LocalFleet, startLocalFleet } from '../../../local';
import { violationsOf } from '../consistency/checker';
import { soundnessOf } from './report';
import { whileLoaded } from './rig';

let local: LocalFleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
});

afterAll(() => local?.stop());

/** Reads that take a replica of any age, held to promises that they do not make. */
test('the load notices what is stale, what hides a write of its session, and what nobody wrote', async () => {
  const blue = local.replica('blue');
  const anyAge = { maxStalenessMs: Number.POSITIVE_INFINITY, consistency: 'eventual' } as const;
  const met = await whileLoaded(
    local,
    'no bound (the yardstick itself)',
    async ({ load }) => {
      await blue.pauseReplay();
      await load.pass(600);
      await blue.resumeReplay();
      await load.pass(100);
      await local.primary.query('update counter set n = n + 1000000000');
      await load.pass(600);
    },
    { balancer: 'round-robin' },
    { asking: [{ read: anyAge, boundMs: 300 }], sessionRead: anyAge },
  );
  const promises = new Set(violationsOf(met.history).map(({ promise }) => promise));
  expect(promises).toEqual(
    new Set(['bounded staleness', 'read your writes', 'monotonic reads', 'no value from nowhere']),
  );
  const { brokenPromises, failedReads } = soundnessOf(met);
  expect(brokenPromises.at(-1)).toMatch(/^and \d+ more$/);
  expect(failedReads).toEqual([]);
});
