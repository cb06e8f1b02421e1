import fc from 'fast-check';
import { ReadFleetStack, type ReadNameInput, routeWeights } from '../../constructs';
import { testApp } from './support/app';
import { checked } from './support/environments';
import { type Attributes, synthesise, tf } from './support/synth';

const CREATED: ReadNameInput = { zone: { kind: 'create', domain: 'orders.internal' }, name: 'read' };
const EXISTING = { kind: 'existing', zoneId: 'Z0123456789ABCDEFGHIJ', domain: 'shop.internal' } as const;
const TWO = { blue: { zone: 'eu-central-1a' }, green: { zone: 'eu-central-1b', weight: 3 } };

const by = (readName: Partial<ReadNameInput> = {}, changes: Parameters<typeof checked>[0] = {}) =>
  synthesise(checked({ replicas: TWO, readName: { ...CREATED, ...readName }, ...changes }));
const stack = by();

describe('the read name', () => {
  const replicas = stack.one('aws_route53_record', 'read-name-replicas');
  const primary = stack.one('aws_route53_record', 'read-name-primary');

  test('leads to the set of replicas, as long as one of them is well', () => {
    expect(replicas).toMatchObject({
      name: 'read.orders.internal',
      type: 'CNAME',
      set_identifier: 'replicas',
      failover_routing_policy: { type: 'PRIMARY' },
      alias: {
        name: 'replicas.read.orders.internal',
        zone_id: tf('aws_route53_zone.read-name.zone_id'),
        evaluate_target_health: true,
      },
      depends_on: ['aws_route53_record.read-name-blue', 'aws_route53_record.read-name-green'],
    });
  });

  test('an alias says no time to live: AWS refuses one', () => {
    expect(replicas).not.toHaveProperty('ttl');
    expect(replicas).not.toHaveProperty('records');
  });

  test('leads to the primary when none is, and no check can take that away', () => {
    expect(primary).toMatchObject({
      name: 'read.orders.internal',
      type: 'CNAME',
      ttl: 5,
      set_identifier: 'primary',
      failover_routing_policy: { type: 'SECONDARY' },
      records: [tf('aws_db_instance.primary.address')],
    });
    expect(primary).not.toHaveProperty('health_check_id');
  });

  test('weighs the replicas, each with its own check', () => {
    const record = (name: string) => stack.one('aws_route53_record', `read-name-${name}`);

    expect(record('blue')).toMatchObject({
      name: 'replicas.read.orders.internal',
      type: 'CNAME',
      ttl: 5,
      set_identifier: 'blue',
      weighted_routing_policy: { weight: 1 },
      records: [tf('aws_db_instance.replica-blue.address')],
      health_check_id: tf('aws_route53_health_check.read-name-blue.id'),
    });
    expect(record('green')).toMatchObject({
      weighted_routing_policy: { weight: 3 },
      health_check_id: tf('aws_route53_health_check.read-name-green.id'),
    });
  });

  test('the primary is never one of the weighted: it would count as a replica', () => {
    const weighted = Object.values(stack.resource.aws_route53_record ?? {}).filter(
      (one) => one.weighted_routing_policy,
    );

    expect(weighted.map((one) => one.set_identifier)).toEqual(['blue', 'green']);
  });

  test('is kept by resolvers as long as the environment says', () => {
    const ttls = Object.values(by({ ttlSeconds: 30 }).resource.aws_route53_record ?? {}).map(({ ttl }) => ttl);

    expect(ttls.filter((ttl) => ttl !== undefined)).toEqual([30, 30, 30]);
  });

  test('is known before anything is made', () => {
    const environment = checked({ readName: CREATED });
    const { exports } = new ReadFleetStack(testApp(), 'test', { environment });

    expect(JSON.parse(exports.contractJson).readName).toEqual({ host: 'read.orders.internal', port: 5432 });
  });

  test('to take a replica away changes no record of another', () => {
    const { 'read-name-green': gone, ...rest } = stack.resource.aws_route53_record ?? {};
    const less = by({}, { replicas: { blue: TWO.blue } }).resource.aws_route53_record ?? {};

    expect(gone).toBeDefined();
    expect(less['read-name-blue']).toEqual(rest['read-name-blue']);
  });
});

describe('the zone', () => {
  test('is made for the network of the fleet, and keeps the networks that others add', () => {
    expect(stack.one('aws_route53_zone', 'read-name')).toMatchObject({
      name: 'orders.internal',
      vpc: [{ vpc_id: tf('aws_vpc.network.id') }],
      lifecycle: { ignore_changes: ['vpc'], replace_triggered_by: ['terraform_data.read-name-network.id'] },
    });
    expect(stack.one('terraform_data', 'read-name-network').triggers_replace).toBe(tf('aws_vpc.network.id'));
  });

  test('that exists is taken by its id', () => {
    const existing = by({ zone: EXISTING });

    expect(existing.resource.aws_route53_zone).toBeUndefined();
    expect(existing.one('aws_route53_record', 'read-name-primary')).toMatchObject({
      zone_id: EXISTING.zoneId,
      name: 'read.shop.internal',
    });
    expect(existing.one('aws_route53_record', 'read-name-replicas').alias).toMatchObject({ zone_id: EXISTING.zoneId });
  });
});

describe('a replica', () => {
  const alarm = (what: string, of = stack) => of.one('aws_cloudwatch_metric_alarm', `read-name-blue-${what}`);
  const check = (what: string, of = stack): Attributes => of.one('aws_route53_health_check', `read-name-blue${what}`);

  test('is in the name while it is both healthy and fresh', () => {
    expect(check('')).toMatchObject({
      type: 'CALCULATED',
      child_health_threshold: 2,
      child_healthchecks: [
        tf('aws_route53_health_check.read-name-blue-health.id'),
        tf('aws_route53_health_check.read-name-blue-lag.id'),
      ],
    });
  });

  test('leaves when the emitter found it unhealthy for most of a minute', () => {
    expect(alarm('health')).toMatchObject({
      alarm_name: 'orders-test-blue-read-name',
      namespace: 'Readfleet',
      metric_name: 'replica_health',
      dimensions: { Fleet: 'orders', Environment: 'test', Member: 'blue' },
      statistic: 'Average',
      comparison_operator: 'LessThanThreshold',
      threshold: 0.5,
    });
  });

  test('leaves when it is further behind than is critical', () => {
    const late = by({}, { lag: { warningSeconds: 2, criticalSeconds: 20 } });

    expect(alarm('lag')).toMatchObject({
      alarm_name: 'orders-test-blue-read-name-lag',
      metric_name: 'replica_lag_seconds',
      statistic: 'Average',
      comparison_operator: 'GreaterThanThreshold',
      threshold: 5,
    });
    expect(alarm('lag', late).threshold).toBe(20);
    expect(check('-lag', late).triggers).not.toEqual(check('-lag').triggers);
  });

  test.each(['health', 'lag'])('has a check of its %s that Route 53 can read', (what) => {
    expect(check(`-${what}`)).toMatchObject({
      type: 'CLOUDWATCH_METRIC',
      cloudwatch_alarm_name: tf(`aws_cloudwatch_metric_alarm.read-name-blue-${what}.alarm_name`),
      cloudwatch_alarm_region: 'eu-central-1',
    });
    // Neither high resolution, nor percentiles, nor metric math, nor "m of n".
    expect(alarm(what)).toMatchObject({ period: 60, evaluation_periods: 1 });
    for (const refused of ['extended_statistic', 'metric_query', 'datapoints_to_alarm']) {
      expect(alarm(what)).not.toHaveProperty(refused);
    }
  });

  test.each([
    [undefined, 'Unhealthy', 'breaching'],
    ['unhealthy', 'Unhealthy', 'breaching'],
    ['healthy', 'Healthy', 'notBreaching'],
  ] as const)('that nobody measures, with withoutData %s, counts as %s', (withoutData, status, missing) => {
    const made = by(withoutData ? { withoutData } : {});

    for (const what of ['health', 'lag']) {
      expect(check(`-${what}`, made).insufficient_data_health_status).toBe(status);
      expect(alarm(what, made).treat_missing_data).toBe(missing);
    }
  });
});

describe('weights', () => {
  const shares = fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), { minLength: 1, maxLength: 15 });

  test('that Route 53 takes stay what they are', () => {
    expect(routeWeights([1, 3, 255])).toEqual([1, 3, 255]);
  });

  test('that it does not take keep their ratios', () => {
    expect(routeWeights([1, 1, 0.25])).toEqual([255, 255, 64]);
    expect(routeWeights([1000, 500])).toEqual([255, 128]);
  });

  test('are whole numbers from 1 to 255, in the order of the shares', () => {
    fc.assert(
      fc.property(shares, (all) => {
        const weights = routeWeights(all);
        for (const weight of weights) {
          expect(Number.isInteger(weight)).toBe(true);
          expect(weight).toBeGreaterThanOrEqual(1);
          expect(weight).toBeLessThanOrEqual(255);
        }
        all.forEach((one, i) => {
          all.forEach((other, j) => {
            if (one <= other) expect(weights[i]).toBeLessThanOrEqual(weights[j] as number);
          });
        });
      }),
    );
  });
});
