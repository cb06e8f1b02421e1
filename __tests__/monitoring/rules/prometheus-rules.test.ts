import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { prometheusRules } from '../../../monitoring/rules';
import { describeWith, promtool } from '../../support/left-out';
import { all, CONTRACT, fleetBut, gauge, one, told } from './processes';
import { metricsIn, unknownIn } from './promql';
import { annotationsAt } from './promtool';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<'summary' | 'description' | 'runbook', string>>;
}

function rulesOf(...args: Parameters<typeof prometheusRules>): readonly Rule[] {
  return (parse(prometheusRules(...args)) as { groups: readonly [{ rules: readonly Rule[] }] }).groups[0].rules;
}

const RULES = rulesOf(CONTRACT);
const NAMED = RULES.map((rule) => [`${rule.alert} ${rule.labels.severity}`, rule] as const);

test('there is one group, named after fleet and environment', () => {
  const { groups } = parse(prometheusRules(CONTRACT)) as { groups: readonly { name: string }[] };

  expect(groups.map(({ name }) => name)).toEqual(['readfleet-orders-production']);
});

test('no alert is there twice with one severity', () => {
  expect(new Set(NAMED.map(([name]) => name)).size).toBe(RULES.length);
});

test('every alert that was asked for is there', () => {
  expect(NAMED.map(([name, rule]) => `${name} ${rule.for ?? 'at once'}`)).toEqual([
    'HighReplicationLag critical 2m',
    'ReplicaUnhealthy critical 2m',
    'NoReplicaServes critical 2m',
    'PrimaryUnhealthy critical 1m',
    'CallsFail critical 2m',
    'ReadsShed critical 2m',
    'HighConnectionPoolUtilization critical 5m',
    'FleetMetricsMissing critical 5m',
    'HighReplicationLag warning 3m',
    'CircuitBreakerOpen warning 10m',
    'ProcessDisagrees warning 10m',
    'FailoverHappened warning at once',
    'ReadsShed warning at once',
    'LowReplicaUsage warning 30m',
    'HighConnectionPoolUtilization warning 5m',
    'ReplicasSwitchedOff warning 60m',
    'FallbackToPrimary info at once',
  ]);
});

describe.each(NAMED)('%s', (_, rule) => {
  test('asks for what processes tell, of this fleet alone', () => {
    expect(unknownIn(rule.expr)).toEqual([]);
    for (const selector of rule.expr.match(/\w+\{[^}]*\}/g) ?? []) {
      expect(selector).toMatch(/\{fleet="orders",environment="production"/);
    }
    expect(metricsIn(rule.expr).length).toBeGreaterThan(0);
  });

  test('says what it means, where to look and what to do', () => {
    const { description, runbook, summary } = rule.annotations;

    expect(summary).toMatch(/^\S.* \(\{\{ \$labels\.fleet \}\} \{\{ \$labels\.environment \}\}\)$/);
    expect(description).toMatch(/ First: .*\.$/);
    expect(`${summary}${description}`).not.toMatch(/(?<!\{)\{\w/);
    expect(existsSync(join(__dirname, '../../..', runbook))).toBe(true);
  });

  test('leaves the labels that its texts name', () => {
    const named = [...`${Object.values(rule.annotations)}`.matchAll(/\$labels\.(\w+)/g)].map(
      ([, label]) => label ?? '',
    );
    const perProcess = rule.alert === 'ProcessDisagrees';

    for (const label of named) {
      if (!perProcess) expect(`fleet environment ${rule.expr.match(/by \((.*?)\)/)?.[1]}`).toContain(label);
    }
  });
});

test('runbooks may lie elsewhere, and alerts may be given labels, but for the severity', () => {
  const rules = rulesOf(CONTRACT, {
    runbookBase: 'https://git.example/runbooks/',
    labels: { team: 'orders', severity: 'none' },
  });

  expect(rules[0]?.annotations.runbook).toBe('https://git.example/runbooks/lag-high.md');
  expect(rulesOf(CONTRACT, { runbookBase: 'https://git.example/runbooks' })[0]?.annotations.runbook).toBe(
    'https://git.example/runbooks/lag-high.md',
  );
  expect(rules[0]?.labels).toEqual({ team: 'orders', severity: 'critical' });
});

test('the thresholds are those of the contract', () => {
  const lag = { warningSeconds: 2.5, criticalSeconds: 20, unhealthySeconds: 90 };
  const rules = rulesOf({ ...CONTRACT, lag });
  const rule = (alert: string, severity: string) =>
    rules.find((one) => one.alert === alert && one.labels.severity === severity);

  expect(rule('HighReplicationLag', 'warning')?.expr).toContain('> 2.5)');
  expect(rule('HighReplicationLag', 'critical')?.expr).toContain('> 20)');
  expect(rule('HighReplicationLag', 'critical')?.annotations.description).toContain('more than 20 s old');
  expect(rule('ReplicaUnhealthy', 'critical')?.for).toBe('90s');
});

test('no member is named, so that the rules hold on when one is added', () => {
  const readers = [{ name: 'blue', host: 'blue.example', port: 5432 }];

  expect(prometheusRules({ ...CONTRACT, readers } as Parameters<typeof prometheusRules>[0])).not.toContain('blue');
});

describeWith(promtool, 'the texts', () => {
  test('name the member and the value', async () => {
    const late = fleetBut(...told('lagSeconds', { member: 'blue' }, [gauge([90, 5]), gauge([6, 5]), gauge([7, 5])]));
    const text = await annotationsAt(prometheusRules(CONTRACT), late, 'HighReplicationLag', 4);

    expect(text).toContain('summary="blue lags (orders production)"');
    expect(text).toContain('It is up to 1m 30s behind.');
  });

  test('name the process that sees it alone', async () => {
    const apart = fleetBut(
      ...told('health', { member: 'blue', role: 'replica' }, one(gauge([0, 15]), gauge([1, 15]))),
      ...told('state', { member: 'blue', role: 'replica', state: 'serving' }, all(gauge([1, 15]))),
    );
    const text = await annotationsAt(prometheusRules(CONTRACT), apart, 'ProcessDisagrees', 12);

    expect(text).toContain('summary="app-1 alone cannot use blue (orders production)"');
  });
});
