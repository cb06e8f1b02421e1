import { Measure } from '../../lambda/measure';
import type { FleetContract } from '../../lib/contract';
import { type LocalFleet, startLocalFleet } from '../../local';

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
  const measure = new Measure({ ...contract, topology, writer: { ...blue, name: 'primary' }, readers: [] });
  const seen: (number | undefined)[] = [];
  try {
    for (let sample = 0; sample < 2; sample++) {
      expect(await measure.take()).toEqual([{ member: 'primary', state: { kind: 'demoted' }, lag: undefined }]);
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

test('each member has the password that is made for it', async () => {
  const { contract } = local;
  const asked: string[] = [];
  const password = contract.auth.kind === 'password' ? contract.auth.password : '';
  const iam: FleetContract = { ...contract, auth: { kind: 'iam', user: 'postgres' } };
  const measure = new Measure(iam, {
    passwordOf:
      ({ name }) =>
      async () => {
        asked.push(name);
        return password;
      },
  });
  try {
    expect((await measure.take()).map(({ member, state }) => [member, state.kind])).toEqual([
      ['primary', 'serving'],
      ['blue', 'serving'],
    ]);
    expect(asked.sort()).toEqual(['blue', 'primary']);
  } finally {
    measure.close();
  }
});
