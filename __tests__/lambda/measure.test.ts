import type { Measurement } from '../../lambda/measure';
import type { FleetContract } from '../../lib/contract';
import { type LocalFleet, startLocalFleet } from '../../local';
import { installAuroraFunctions, type StatusRow, tell } from '../lib/lag/aurora-functions';
import { emitterContract, measureOf } from './support';

let local: LocalFleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'] });
});

afterAll(() => local?.stop());

/** Server processes of the emitter's connections to `blue`, over two samples. */
async function connectionsToWriter(topology: FleetContract['topology']): Promise<(number | undefined)[]> {
  const { contract } = local;
  const blue = contract.readers[0] as FleetContract['writer'];
  // As after a failover: where the writer's name points is a standby now.
  const measure = measureOf(emitterContract(contract, { topology, writer: { ...blue, name: 'primary' }, readers: [] }));
  const seen: (number | undefined)[] = [];
  try {
    for (let sample = 0; sample < 2; sample++) {
      expect(await measure.take()).toMatchObject([
        { member: 'primary', state: { kind: 'demoted' }, lag: undefined, sighting: { recovering: true } },
      ]);
      const rows = await local
        .replica('blue')
        .query<{ pid: number }>("select pid from pg_stat_activity where application_name = 'readfleet-emitter'");
      seen.push(rows[0]?.pid);
    }
  } finally {
    measure.close();
  }
  return seen;
}

describe('a writer that has become a standby', () => {
  test('is kept hold of among instances: its name follows nobody', async () => {
    const [first, second] = await connectionsToWriter('instances');
    expect(first).toEqual(expect.any(Number));
    expect(second).toBe(first);
  });

  test('is let go of in a cluster, so that its name is looked up again', async () => {
    const [first, second] = await connectionsToWriter('multi-az-cluster');
    if (first !== undefined) expect(second).not.toBe(first);
  });
});

test('what a member said last is told while it answers, and not when it has fallen silent since', async () => {
  const { contract } = local;
  const silent = { isSo: false };
  const answer = { at: 0, recovering: false, lsn: 1n, receiving: false, timeline: 1 };
  const ask = async () => {
    if (silent.isSo) throw new Error('gone');
    return answer;
  };
  const measure = measureOf(emitterContract(contract, { readers: [] }), {
    probeOf: () => ({ ask, close: () => undefined }),
  });
  expect(await measure.take()).toMatchObject([{ state: { kind: 'serving' }, sighting: answer }]);
  silent.isSo = true;
  const [fallen] = await measure.take();
  expect(fallen?.state).toEqual({ kind: 'ejected', reason: 'gone' });
  expect(fallen).not.toHaveProperty('sighting');
});

describe('of Aurora', () => {
  const WRITER: StatusRow = { server: 'primary', session: 'MASTER_SESSION_ID', durableLsn: 100n };
  /** What a reader hears of the writer: to itself, the writer's row has no time. */
  const WRITER_ELSEWHERE: StatusRow = { server: 'as others see it', session: 'MASTER_SESSION_ID', toldMsAgo: 300 };

  beforeAll(() => installAuroraFunctions(local));

  /** One sample of all members after another, each of what the cluster tells of `blue` then. */
  async function samples(...told: Partial<StatusRow>[]): Promise<Measurement[][]> {
    const { contract } = local;
    const instance = { ...contract.writer, name: 'primary-instance' };
    const measure = measureOf(
      emitterContract(contract, { topology: 'aurora', readers: [instance, ...contract.readers] }),
    );
    const taken: Measurement[][] = [];
    try {
      for (const blue of told) {
        await tell(local, [WRITER, WRITER_ELSEWHERE, { server: 'blue', ...blue }]);
        taken.push(await measure.take());
      }
    } finally {
      measure.close();
    }
    return taken;
  }

  test('the lag of a reader is what the cluster tells of it, without a distance in bytes', async () => {
    const [[, , kept] = [], [, , late] = [], [, , lagging] = []] = await samples(
      { currentReadLsn: 100n, lagMs: 20 },
      { currentReadLsn: 90n, lagMs: 20 },
      { currentReadLsn: 90n, lagMs: 30_000 },
    );
    expect(kept).toMatchObject({ member: 'blue', state: { kind: 'serving' }, lag: { seconds: 0 } });
    expect(kept?.lag?.bytes).toBeUndefined();
    expect(late?.state).toEqual({ kind: 'serving', lag: late?.lag });
    expect(late?.lag?.seconds).toBeCloseTo(0.32);
    expect(lagging?.state.kind).toBe('lagging');
    expect(lagging?.lag?.seconds).toBeCloseTo(30.3);
  });

  test('a reader that is the present writer is told to be that', async () => {
    const [[writer, instance] = []] = await samples({});
    expect(writer?.state.kind).toBe('serving');
    expect(instance).toMatchObject({ member: 'primary-instance', state: { kind: 'writing' }, lag: undefined });
  });
});
