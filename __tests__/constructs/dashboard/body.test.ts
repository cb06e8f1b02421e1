import fc from 'fast-check';
import { type DashboardBodyProps, dashboardBody } from '../../../constructs/dashboard/body';
import { COLUMNS } from '../../../constructs/dashboard/grid';
import type { PlacedWidget } from '../../../constructs/dashboard/widget';
import { fleet, members, specified } from '../alarms/support';

const watched = (...args: Parameters<typeof fleet>): DashboardBodyProps => ({
  ...fleet(...args),
  alarmArns: ['arn:1'],
});
const instances = dashboardBody(watched());
const cluster = dashboardBody(watched('multi-az-cluster'));
const aurora = dashboardBody(watched('aurora'));

const graphs = (widgets: readonly PlacedWidget[]) =>
  widgets.flatMap((widget) => (widget.type === 'metric' ? [widget.properties] : []));

function graph({ widgets }: typeof instances, title: string | RegExp) {
  const found = graphs(widgets).find((one) =>
    typeof title === 'string' ? one.title === title : title.test(one.title),
  );
  if (!found) throw new Error(`There is no ${title}, but ${graphs(widgets).map((one) => one.title)}`);
  return found;
}

const anyFleet = fc
  .record({
    topology: fc.constantFrom('instances' as const, 'multi-az-cluster' as const, 'aurora' as const),
    count: fc.integer({ min: 1, max: 15 }),
    proxy: fc.boolean(),
    emitter: fc.boolean(),
    alarms: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ topology, count, proxy, emitter, alarms }): DashboardBodyProps => {
    const readers = Array.from(
      { length: topology === 'multi-az-cluster' ? 3 : count },
      (_, index) => `reader-${index}`,
    );
    return {
      ...watched(topology, {
        members: members(topology, readers),
        ...(proxy ? {} : { proxy: undefined }),
        ...(emitter ? {} : { emitter: undefined }),
      }),
      alarmArns: Array.from({ length: alarms }, (_, index) => `arn:${index}`),
    };
  });

describe('any fleet', () => {
  test('has a dashboard on which no two widgets overlap and none leaves the grid', () => {
    fc.assert(
      fc.property(anyFleet, (props) => {
        const { widgets } = dashboardBody(props);
        for (const [index, one] of widgets.entries()) {
          expect(one.x >= 0 && one.y >= 0 && one.width > 0 && one.height > 0 && one.x + one.width <= COLUMNS).toBe(
            true,
          );
          for (const other of widgets.slice(index + 1)) {
            const apart =
              one.x + one.width <= other.x ||
              other.x + other.width <= one.x ||
              one.y + one.height <= other.y ||
              other.y + other.height <= one.y;
            expect(apart).toBe(true);
          }
        }
      }),
    );
  });

  test('has graphs of its region, each with metrics of one unit, and no more than CloudWatch takes', () => {
    fc.assert(
      fc.property(anyFleet, (props) => {
        const body = dashboardBody(props);
        expect(JSON.stringify(body).length).toBeLessThan(1024 ** 2);
        expect(body.widgets.length).toBeLessThanOrEqual(500);
        for (const { metrics, region } of graphs(body.widgets)) {
          expect(region).toBe(props.region);
          expect(metrics.length).toBeGreaterThan(0);
          expect(metrics.length).toBeLessThanOrEqual(100);
        }
      }),
    );
  });

  test('has every server on every graph of servers', () => {
    fc.assert(
      fc.property(anyFleet, (props) => {
        const { metrics } = graph(dashboardBody(props), 'CPU');
        expect(metrics.map((row) => row[3])).toEqual(props.members.instances.map(({ identifier }) => identifier));
      }),
    );
  });
});

describe('lag', () => {
  test('of replicas is what the emitter measures, with both thresholds', () => {
    expect(graph(instances, 'Lag')).toMatchObject({
      metrics: [
        [
          'Readfleet',
          'replica_lag_seconds',
          'Fleet',
          'orders',
          'Environment',
          'test',
          'Member',
          'blue',
          { label: 'blue', stat: 'Maximum', period: 60 },
        ],
        expect.arrayContaining(['green']),
      ],
      annotations: {
        horizontal: [
          expect.objectContaining({ label: 'warning', value: 1 }),
          expect.objectContaining({ label: 'critical', value: 5 }),
        ],
      },
      yAxis: { left: { min: 0, label: 'Seconds' } },
    });
  });

  test('of Aurora is in milliseconds, and so are its thresholds', () => {
    expect(graph(aurora, 'Lag')).toMatchObject({
      metrics: [
        expect.arrayContaining(['AuroraReplicaLag', 'orders-test-primary']),
        expect.anything(),
        expect.anything(),
      ],
      annotations: {
        horizontal: [expect.objectContaining({ value: 1_000 }), expect.objectContaining({ value: 5_000 })],
      },
      yAxis: { left: { label: 'Milliseconds' } },
    });
  });

  test("has AWS's own behind it, where the emitter measures", () => {
    expect(graph(instances, /^AWS's own lag/).metrics.map((row) => row.slice(0, 4))).toEqual([
      ['AWS/RDS', 'ReplicaLag', 'DBInstanceIdentifier', 'orders-test-blue'],
      ['AWS/RDS', 'ReplicaLag', 'DBInstanceIdentifier', 'orders-test-green'],
    ]);
    expect(graph(cluster, /^AWS's own lag/).metrics).toHaveLength(3);
  });
});

test('health shows the primary beside its readers', () => {
  expect(graph(instances, /^Health/).metrics.map((row) => row[7])).toEqual(['primary', 'blue', 'green']);
});

test.each([
  ['instances', instances, ['Storage left', 'WAL not replayed'], ['Local storage left', 'Uptime']],
  ['a Multi-AZ cluster', cluster, ['Storage left', 'WAL not replayed'], ['Local storage left', 'Uptime']],
  ['Aurora', aurora, ['Local storage left', 'Uptime'], ['Storage left', 'WAL not replayed', 'Invocations']],
])('%s shows what it has', (_, body, shown, left) => {
  const titles = graphs(body.widgets).map(({ title }) => title);

  expect(titles).toEqual(expect.arrayContaining(shown));
  for (const title of left) expect(titles).not.toContain(title);
});

test.each([
  ['primary alone', instances, ['orders-test-primary']],
  ['any server of a cluster', cluster, ['orders-test-one', 'orders-test-two', 'orders-test-three']],
])('WAL is that of the %s', (_, body, identifiers) => {
  for (const title of ['WAL on disk', 'Files of replication slots', 'WAL that the slowest slot has not received']) {
    expect(graph(body, title).metrics.map((row) => row[3])).toEqual(identifiers);
  }
});

test('the state of the alarms comes first, and is left out where there are none', () => {
  expect(instances.widgets[0]).toMatchObject({ type: 'alarm', y: 0, properties: { alarms: ['arn:1'] } });
  expect(dashboardBody({ ...watched(), alarmArns: [] }).widgets.map(({ type }) => type)).not.toContain('alarm');
});

test('proxy and emitter are shown where there are any', () => {
  const bare = dashboardBody(watched('instances', { proxy: undefined, emitter: undefined }));

  expect(graph(instances, 'Wait for a connection').metrics[0]).toEqual(
    expect.arrayContaining(['ProxyName', 'orders-test']),
  );
  expect(graph(instances, 'Duration').metrics[0]).toEqual(
    expect.arrayContaining(['FunctionName', 'orders-test-emitter']),
  );
  expect(graph(instances, 'Invocations').metrics.map((row) => row[1])).toEqual([
    'Invocations',
    'Errors',
    'FailedInvocations',
  ]);
  expect(JSON.stringify(bare)).not.toMatch(/proxy|emitter|Lambda/i);
});

test('every metric that has an alarm is on the dashboard, so that whoever is woken sees it', () => {
  for (const topology of ['instances', 'multi-az-cluster', 'aurora'] as const) {
    const rows = graphs(dashboardBody(watched(topology)).widgets).flatMap(({ metrics }) => metrics);
    const shown = rows.map((row) => row.slice(0, -1).join(' '));
    for (const { condition } of specified(fleet(topology)).alarms) {
      const { dimensions, name, namespace } = condition.metric;
      expect(shown).toContain([namespace, name, ...Object.entries(dimensions).flat()].join(' '));
    }
  }
});
