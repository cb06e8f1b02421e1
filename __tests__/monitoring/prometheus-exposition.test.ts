import { spawnSync } from 'node:child_process';
import { type OpenMetricsContentType, Registry } from 'prom-client';
import { INSTRUMENTS } from '../../monitoring/metrics/instruments';
import { fleetRegistry } from '../../monitoring/prometheus';
import { eventually } from '../support/eventually';
import { describeWith, promtool } from '../support/left-out';
import { programHere } from '../support/left-out-tools';
import { parseExposition, scrape } from './metrics/exposition';
import { useFleets } from './metrics/fleets';

const fleets = useFleets();

describe('the exposition', () => {
  const STRANGE = [
    'with "quotes"',
    'back\\slash',
    'two\nlines',
    'a,b="c"',
    '日本',
    '\ud800',
    'x'.repeat(200),
    '{}',
    '#',
    '\r',
  ];

  async function strange(): Promise<string> {
    const { fleet, registry } = await fleets.measured();
    for (const endpoint of STRANGE) await fleet.query('select 1', [], { endpoint });
    await fleet.write(`insert into note values ('x')`);
    await eventually(async () =>
      expect((await scrape(registry)).value('replica_lag_bytes', { member: 'blue' })).toBeDefined(),
    );
    return registry.metrics();
  }

  test('has every metric with its type and help, whatever endpoints are called', async () => {
    const { families, sum } = parseExposition(await strange());
    expect([...families].map(([name, { type, help }]) => ({ name, kind: type, help }))).toEqual(
      Object.values(INSTRUMENTS).map(({ name, kind, help }) => ({ name, kind, help })),
    );
    expect(sum('read_routing_total')).toBe(STRANGE.length);
    expect(sum('read_routing_total', { endpoint: 'two\nlines' })).toBe(1);
  });

  test('has the labels that each metric is said to have', async () => {
    const { families } = parseExposition(await strange());
    for (const { name, labels } of Object.values(INSTRUMENTS)) {
      for (const sample of families.get(name)?.samples.keys() ?? []) {
        const found = [...sample.matchAll(/[{,](\w+)="(?:[^"\\]|\\.)*"/g)].map(([, label]) => label);
        expect(found.filter((label) => label !== 'le').sort()).toEqual(['environment', 'fleet', ...labels].sort());
      }
    }
  });

  test('can be OpenMetrics as well', async () => {
    const registry = new Registry<OpenMetricsContentType>();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    const fleet = await fleets.connected();
    const same: Registry<OpenMetricsContentType> = fleetRegistry(fleet, { registry });
    await fleet.query('select 1');
    const text = await same.metrics();
    expect(text).toContain('# TYPE read_routing counter\n');
    expect(text).toMatch(/\nread_routing_total\{[^}]*target="replica"[^}]*\} 1\n/);
    expect(text.endsWith('# EOF\n')).toBe(true);
  });

  describeWith(promtool, 'by Prometheus’ own judge', () => {
    test('is taken, and nothing is complained of', async () => {
      const { status, stdout, stderr } = spawnSync(programHere('promtool'), ['check', 'metrics'], {
        input: await strange(),
        encoding: 'utf8',
      });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    });
  });
});
