import { environmentProblems } from '../../../../constructs/environment';
import { MINIMAL_AURORA, MINIMAL_CLUSTER } from '../../support/environments';

/** Codes and paths of what is wrong with a document, as a person may have written it. */
function told(document: { readonly database: object }, changes: object, database: object = {}): [string, string][] {
  const input = { ...document, ...changes, database: { ...document.database, ...database } };
  return environmentProblems(input).map(({ code, path }) => [code, path]);
}

const [a, b, c] = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'] as const;

describe('a Multi-AZ cluster', () => {
  test('in two zones is refused: AWS places its members in three', () => {
    const created = { network: { kind: 'create', cidr: '10.0.0.0/16', zones: [a, b] } };
    const subnets = { [a]: 'subnet-1', [b]: 'subnet-2' };
    const existing = { network: { kind: 'existing', vpcId: 'vpc-1', subnets } };

    expect(told(MINIMAL_CLUSTER, created)).toEqual([['READFLEET_CLUSTER_ZONES', 'network.zones']]);
    expect(told(MINIMAL_CLUSTER, existing)).toEqual([['READFLEET_CLUSTER_ZONES', 'network.subnets']]);
    expect(
      told(MINIMAL_CLUSTER, { network: { ...existing.network, subnets: { ...subnets, [c]: 'subnet-3' } } }),
    ).toEqual([]);
  });

  test('in one zone is told once', () => {
    const network = { kind: 'create', cidr: '10.0.0.0/16', zones: [a] };

    expect(told(MINIMAL_CLUSTER, { network })).toEqual([['READFLEET_ZONES_TOO_FEW', 'network.zones']]);
  });

  test('an Aurora cluster may have two zones', () => {
    const network = { kind: 'create', cidr: '10.0.0.0/16', zones: [a, b] };

    expect(told(MINIMAL_AURORA, { network })).toEqual([]);
  });

  test.each([
    ['db.r6g.large', ['READFLEET_CLUSTER_CLASS']],
    ['db.t4g.medium', ['READFLEET_CLUSTER_CLASS']],
    ['db.m6gd.xlarge', []],
    ['db.x2iedn.xlarge', []],
  ])('of class %s: %j', (instanceClass, codes) => {
    expect(told(MINIMAL_CLUSTER, {}, { instanceClass }).map(([code]) => code)).toEqual(codes);
  });

  test.each([
    ['io1', 100, 999, ['READFLEET_ENVIRONMENT_INVALID']],
    ['io1', 100, 5000, []],
    ['io1', 100, 5001, ['READFLEET_CLUSTER_IOPS']],
    ['io1', 4001, 2000, ['READFLEET_CLUSTER_IOPS']],
    ['io1', 4001, 2001, []],
    ['io2', 100, 100_000, []],
    ['io2', 100, 100_001, ['READFLEET_CLUSTER_IOPS']],
    ['gp3', 399, 12_000, ['READFLEET_STORAGE_GP3_SMALL']],
    ['gp3', 400, 12_000, []],
    ['gp3', 100, undefined, []],
    ['io1', 100, undefined, ['READFLEET_ENVIRONMENT_INVALID']],
    ['gp2', 100, undefined, ['READFLEET_ENVIRONMENT_INVALID']],
  ])('with %s storage of %d GiB and %p IOPS: %j', (type, sizeGiB, iops, codes) => {
    const storage = { type, sizeGiB, ...(iops === undefined ? {} : { iops }) };

    expect(told(MINIMAL_CLUSTER, {}, { storage }).map(([code]) => code)).toEqual(codes);
  });

  test('cannot say whether AWS installs minor versions, since the provider cannot', () => {
    expect(told(MINIMAL_CLUSTER, {}, { autoMinorVersionUpgrade: true })).toEqual([
      ['READFLEET_CLUSTER_UPGRADES', 'database.autoMinorVersionUpgrade'],
    ]);
    expect(told(MINIMAL_AURORA, {}, { autoMinorVersionUpgrade: false })).toEqual([]);
  });

  test('has no replicas: the provider makes none of a Multi-AZ cluster', () => {
    expect(told(MINIMAL_CLUSTER, { replicas: { blue: { zone: a } } })).toEqual([['READFLEET_UNKNOWN_KEY', 'replicas']]);
  });
});

describe('an Aurora cluster', () => {
  test.each(['db.m6g.large', 'db.m5.large', 'db.c6gd.large', 'db.t4g.micro', 'db.t3.small'])(
    'of class %s is refused: Aurora has no such class',
    (instanceClass) => {
      expect(told(MINIMAL_AURORA, {}, { instanceClass })).toEqual([
        ['READFLEET_AURORA_CLASS', 'database.instanceClass'],
      ]);
    },
  );

  test.each(['db.r8g.large', 'db.r6gd.xlarge', 'db.x2g.large', 'db.t4g.medium', 'db.t3.large'])(
    'may be of class %s',
    (instanceClass) => {
      expect(told(MINIMAL_AURORA, {}, { instanceClass })).toEqual([]);
    },
  );

  const autoscaling = { minReaders: 1, maxReaders: 3, target: { kind: 'cpu-percent', value: 60 } };

  test.each([
    [{ minReaders: 1, maxReaders: 1 }, []],
    [{ minReaders: 1, maxReaders: 15 }, []],
    [{ minReaders: 1, maxReaders: 16 }, [['READFLEET_ENVIRONMENT_INVALID', 'autoscaling.maxReaders']]],
    [{ minReaders: 4, maxReaders: 3 }, [['READFLEET_AUTOSCALING_MAX', 'autoscaling.maxReaders']]],
  ])('that scales its readers as %j: %j', (limits, expected) => {
    expect(told(MINIMAL_AURORA, { autoscaling: { ...autoscaling, ...limits } })).toEqual(expected);
  });

  test('cannot have fewer readers than it names', () => {
    const readers = { blue: { zone: a }, green: { zone: b } };

    expect(told(MINIMAL_AURORA, { readers, autoscaling })).toEqual([
      ['READFLEET_AUTOSCALING_MIN', 'autoscaling.minReaders'],
    ]);
    expect(told(MINIMAL_AURORA, { readers, autoscaling: { ...autoscaling, minReaders: 2 } })).toEqual([]);
  });
});
