import path from 'node:path';
import { type Environment, ReadFleetStack } from '../../constructs';
import { deploymentOf } from '../../cost/deployment';
import { estimate } from '../../cost/estimate';
import { PRICE_TABLE, priceOf } from '../../cost/prices';
import { loadEnvironments } from '../../environments';
import { createApp } from '../../main';
import { checked, checkedAurora, checkedCluster } from '../constructs/support/environments';
import { deployed, resource, tableOf } from './support';

const PRIMARY = resource('aws_db_instance', 'primary');

/** Estimates of what really would be deployed. */
function estimates(environments: readonly Environment[]) {
  return createApp({ environments })
    .node.children.filter((node) => node instanceof ReadFleetStack)
    .map((stack) => estimate(deploymentOf(stack)));
}

describe('the sum', () => {
  const environment = checked({}, { monitoringIntervalSeconds: 0 });

  test('adds quantity times price of every line', () => {
    const table = tableOf({ 'instance/db.r6g.large': 2, 'gp3-gib': 0.5 });

    const result = estimate(deployed(environment, PRIMARY), table);

    // 730 h × $2, 20 GiB × $0.50
    expect(result.items.map(({ monthly }) => monthly)).toEqual([1460, 10]);
    expect(result).toMatchObject({ monthly: 1470, monthlyFromMemory: 0, complete: true });
  });

  test('is the least that it costs when a class has no price, which is told and not counted as nothing', () => {
    const result = estimate(deployed(environment, PRIMARY), tableOf({ 'gp3-gib': 0.5 }));

    expect(result).toMatchObject({ monthly: 10, complete: false });
    expect(result.items[0]).toMatchObject({ what: 'primary', unitPrice: undefined, monthly: undefined });
  });

  test('knows no price in a region that the table has not, nor in one of a queer name', () => {
    const table = tableOf({ 'instance/db.r6g.large': 2, 'gp3-gib': 0.5 }, 'frankfurt-list', 'us-east-1');

    expect(estimate(deployed(environment, PRIMARY), table)).toMatchObject({ monthly: 0, complete: false });
    expect(priceOf(table, 'constructor', 'gp3-gib')).toBeUndefined();
  });

  test('is incomplete when a quantity is not known, though the price is', () => {
    const odd = checked({}, { instanceClass: 'db.r6g.metal', monitoringIntervalSeconds: 0 });
    const table = tableOf({ 'proxy-vcpu-hour': 0.1 });

    expect(estimate(deployed(odd, resource('aws_db_proxy', 'proxy')), table)).toMatchObject({
      monthly: 0,
      complete: false,
    });
  });

  test('says how much of it rests on prices from memory', () => {
    const result = estimate(deployed(environment, PRIMARY), tableOf({ 'instance/db.r6g.large': 2 }, 'memory'));

    expect(result).toMatchObject({ monthly: 1460, monthlyFromMemory: 1460 });
  });
});

describe('what is left out', () => {
  const leftOut = (environment: Environment, ...more: ReturnType<typeof resource>[]) =>
    estimate(deployed(environment, ...more)).leftOut.join('\n');

  test('backups are told with their price, or without', () => {
    expect(leftOut(checked())).toContain('beyond what is free of charge, at $0.103 per GiB');
    expect(estimate(deployed(checked()), tableOf({})).leftOut.join('\n')).toContain('at an unknown price per GiB');
  });

  test("Aurora's storage and I/O, and the readers that may come", () => {
    const autoscaling = { minReaders: 1, maxReaders: 6, target: { kind: 'cpu-percent', value: 60 } } as const;

    expect(leftOut(checkedAurora({ autoscaling }))).toContain('up to 5 of the same class');
    expect(leftOut(checkedAurora())).toContain('storage, at $0.119 per GiB, and I/O, at $0.22 per million');
    expect(leftOut(checkedAurora())).not.toContain('autoscaling');
    expect(leftOut(checkedAurora({}, { storageType: 'aurora-iopt1' }))).not.toContain('I/O');
  });

  test('storage that grows, CPU credits, replication to another region: where there is such', () => {
    const growing = checked({}, { storage: { sizeGiB: 20, maxSizeGiB: 100 }, instanceClass: 'db.t4g.medium' });
    const remote = resource('aws_db_instance', 'replica-dublin', {}, 'eu-west-1');

    expect(leftOut(growing, remote)).toContain('up to 100 GiB');
    expect(leftOut(growing, remote)).toContain('CPU credits');
    expect(leftOut(growing, remote)).toContain('from one region to another');
    expect(leftOut(checked(), PRIMARY)).not.toMatch(/up to|CPU credits|one region to another/);
  });
});

describe('of the stack that would be deployed', () => {
  const [instances, cluster, aurora] = estimates([
    checked({ name: 'one', replicas: { blue: { zone: 'eu-central-1a' }, green: { zone: 'eu-central-1b' } } }),
    checkedCluster({ name: 'two' }),
    checkedAurora({ name: 'three' }),
  ]);
  const servers = (result: typeof instances) =>
    result?.items.filter(({ part }) => part === 'servers').map(({ what }) => what);

  test('instances: the primary, its standby and each replica', () => {
    expect(servers(instances)).toEqual(['primary', 'Multi-AZ standby of primary', 'replica blue', 'replica green']);
  });

  test('a Multi-AZ cluster: one line for its three members', () => {
    expect(servers(cluster)).toEqual(['writer and two readable standbys']);
  });

  test('Aurora: the writer and each reader', () => {
    expect(servers(aurora)).toHaveLength(2);
  });

  test.each([
    ['instances', instances],
    ['multi-az-cluster', cluster],
  ])('%s: alarms, dashboard, emitter, key and secret are found in the stack', (topology, result) => {
    expect(result?.topology).toBe(topology);
    expect(result?.items.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        'CloudWatch alarms',
        'composite alarms',
        'dashboard',
        'lag emitter',
        'KMS key',
        'secrets',
      ]),
    );
  });

  test.each([
    ['instances', instances, 2],
    ['multi-az-cluster', cluster, 3],
  ])('%s: the lag of every member that takes reads is a metric', (_topology, result, readers) => {
    expect(result?.items).toContainEqual(expect.objectContaining({ what: 'lag metrics', quantity: 1 + 3 * readers }));
  });

  test('Aurora has no emitter: AWS measures there', () => {
    expect(aurora?.items.map(({ what }) => what)).not.toContain('lag emitter');
  });

  test('a replica in another region has its server, disk and key there', () => {
    const subnets = { 'eu-west-1a': 'subnet-0f1e2d3c4b5a6978a', 'eu-west-1b': 'subnet-0f1e2d3c4b5a6978b' };
    const dublin = { region: 'eu-west-1', zone: 'eu-west-1a', vpcId: 'vpc-0f1e2d3c4b5a69788', subnets };

    const [remote] = estimates([checked({ remoteReplicas: { dublin } })]);

    const there = remote?.items.filter(({ region }) => region === 'eu-west-1').map(({ what }) => what);
    expect(there).toEqual(expect.arrayContaining(['replica dublin', 'gp3 storage', 'KMS key']));
  });

  test('one replica more costs a server, its disk and its alarms more', () => {
    const [fewer] = estimates([checked({ name: 'one' })]);

    expect((instances?.monthly ?? 0) - (fewer?.monthly ?? 0)).toBeGreaterThan(730 * 0.27 + 20 * 0.137);
  });
});

describe('the table of prices', () => {
  const root = path.join(__dirname, '../..');
  const environments = ['environments', 'examples'].flatMap((folder) =>
    loadEnvironments(path.join(root, folder)).map(({ file, environment }) => [file, environment] as const),
  );

  test.each(environments)('knows what every server of %s costs', (_file, environment) => {
    const [result] = estimates([environment]);
    const unknown = result?.items.filter(({ part, unitPrice }) => part === 'servers' && unitPrice === undefined);

    expect(unknown?.map(({ price, region }) => `${price} in ${region}`)).toEqual([]);
    expect(result?.items.some(({ part }) => part === 'servers')).toBe(true);
  });

  test.each(environments)('knows its classes in the regions of remote replicas of %s', (_file, environment) => {
    const remote = environment.topology === 'instances' ? Object.values(environment.remoteReplicas) : [];
    const unknown = remote.filter(
      ({ region }) => !priceOf(PRICE_TABLE, region, `instance/${environment.database.instanceClass}`),
    );

    expect(unknown).toEqual([]);
  });

  test('has a price above zero and a source for each entry', () => {
    for (const prices of Object.values(PRICE_TABLE.regions)) {
      for (const price of Object.values(prices)) {
        expect(price?.usd).toBeGreaterThan(0);
        expect(price && PRICE_TABLE.sources[price.source]).toBeDefined();
      }
    }
  });

  test('asks more for a larger class of the same family', () => {
    const sizes = ['micro', 'small', 'medium', 'large', 'xlarge', '2xlarge', '4xlarge'];
    for (const prices of Object.values(PRICE_TABLE.regions)) {
      const families = new Map<string, (number | undefined)[]>();
      for (const [key, price] of Object.entries(prices)) {
        const [, family, size] = /^(.+\/db\.\w+)\.(\w+)$/.exec(key) ?? [];
        if (family === undefined || size === undefined) continue;
        const some = families.get(family) ?? [];
        some[sizes.indexOf(size)] = price?.usd;
        families.set(family, some);
      }
      for (const some of families.values()) {
        const known = some.filter((usd) => usd !== undefined);
        expect(known).toEqual([...known].sort((a, b) => a - b));
      }
    }
  });
});
