import { INSTRUMENTS } from '../../../monitoring/metrics/instruments';
import { grafanaDashboard } from '../../../monitoring/rules';
import { COLUMNS, type Placed } from '../../../monitoring/rules/grafana/grid';
import { describeWith, promtool } from '../../support/left-out';
import { CONTRACT } from './processes';
import { labelsLeft, metricsIn, unknownIn } from './promql';
import { checkRules } from './promtool';

interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
}

const DASHBOARD = grafanaDashboard(CONTRACT);
const targetsOf = (panel: Placed) => (panel.targets ?? []) as readonly Target[];
const TARGETS = DASHBOARD.panels.flatMap((panel) =>
  targetsOf(panel).map((target) => [`${panel.title}, ${target.legendFormat || target.refId}`, target] as const),
);
const ANNOTATIONS = DASHBOARD.annotations.list.map(({ expr }) => String(expr));
const EXPRESSIONS = [...TARGETS.map(([, { expr }]) => expr), ...ANNOTATIONS];

/** As Grafana sends it. */
function substituted(expr: string): string {
  return expr
    .replaceAll('$__rate_interval', '1m')
    .replaceAll('$fleet', 'orders')
    .replaceAll('$environment', 'production')
    .replaceAll('$member', '.*');
}

describe('the dashboard', () => {
  test('is JSON', () => {
    expect(JSON.parse(JSON.stringify(DASHBOARD))).toEqual(DASHBOARD);
  });

  test('has a uid that Grafana takes, one for each fleet', () => {
    const long = { ...CONTRACT, fleet: 'f'.repeat(63), environment: 'e'.repeat(63) };

    expect(grafanaDashboard(long).uid).toMatch(/^[a-z0-9-]{1,40}$/);
    expect(grafanaDashboard(long).uid).not.toBe(DASHBOARD.uid);
    expect(grafanaDashboard(CONTRACT).uid).toBe(DASHBOARD.uid);
  });

  test('has panels of one id each, below a row', () => {
    const ids = DASHBOARD.panels.map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
    expect(DASHBOARD.panels[0]?.type).toBe('row');
    expect(DASHBOARD.panels.length).toBeGreaterThan(20);
  });

  test('has no two panels in one place, and none beside the grid', () => {
    for (const [index, { gridPos: one }] of DASHBOARD.panels.entries()) {
      expect(one.x >= 0 && one.w > 0 && one.h > 0 && one.x + one.w <= COLUMNS).toBe(true);
      for (const { gridPos: other } of DASHBOARD.panels.slice(index + 1)) {
        const apart =
          one.x + one.w <= other.x ||
          other.x + other.w <= one.x ||
          one.y + one.h <= other.y ||
          other.y + other.h <= one.y;
        expect(apart).toBe(true);
      }
    }
  });

  test('says of each panel what one sees', () => {
    for (const { description, title, type } of DASHBOARD.panels) {
      if (type !== 'row') expect([title, String(description)]).toEqual([title, expect.stringMatching(/^[A-Z].*\.$/)]);
    }
  });

  test('asks the chosen data source, of the chosen fleet, and begins with that of the contract', () => {
    const { list } = DASHBOARD.templating;

    expect(list.map(({ name }) => name)).toEqual(['datasource', 'fleet', 'environment', 'member']);
    expect(list.find(({ name }) => name === 'fleet')?.current).toEqual({ text: 'orders', value: 'orders' });
    expect(list.find(({ name }) => name === 'environment')?.current).toEqual({
      text: 'production',
      value: 'production',
    });
    for (const panel of DASHBOARD.panels.filter(({ type }) => type !== 'row')) {
      expect(panel.datasource).toEqual({ type: 'prometheus', uid: '$datasource' });
    }
    for (const selector of EXPRESSIONS.join(' ').match(/\w+\{[^}]*\}/g) ?? []) {
      expect(selector).toMatch(/\{fleet="\$fleet",environment="\$environment"/);
    }
  });

  test('uses no variable that it does not have', () => {
    const names = new Set(['__rate_interval', ...DASHBOARD.templating.list.map(({ name }) => String(name))]);
    const used = JSON.stringify(DASHBOARD).match(/\$(\w+)/g) ?? [];

    // `$__all` is a value of Grafana's.
    expect(used.map((name) => name.slice(1)).filter((name) => name !== '__all' && !names.has(name))).toEqual([]);
  });

  test.each(TARGETS)('asks for what processes tell: %s', (_, { expr }) => {
    expect(unknownIn(substituted(expr))).toEqual([]);
  });

  test.each(TARGETS.filter(([, { legendFormat }]) => legendFormat.includes('{{')))(
    'names series by labels that they have: %s',
    (_, { expr, legendFormat }) => {
      const labels = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);

      expect(labelsLeft(expr)).toEqual(expect.arrayContaining(labels));
    },
  );

  test('marks failovers', () => {
    expect(ANNOTATIONS.flatMap(metricsIn)).toEqual([INSTRUMENTS.failovers.name]);
    expect(ANNOTATIONS.flatMap((expr) => unknownIn(substituted(expr)))).toEqual([]);
  });

  test('shows every metric that there is', () => {
    const shown = new Set(EXPRESSIONS.flatMap(metricsIn).map((name) => name.replace(/_(bucket|count|sum)$/, '')));

    expect(Object.values(INSTRUMENTS).filter(({ name }) => !shown.has(name))).toEqual([]);
  });
});

describeWith(promtool, 'the expressions of the dashboard', () => {
  test('are PromQL, all of them', async () => {
    const rules = EXPRESSIONS.map((expr, index) => ({ record: `panel:${index}`, expr: substituted(expr) }));

    expect(await checkRules(JSON.stringify({ groups: [{ name: 'dashboard', rules }] }))).toContain(
      `SUCCESS: ${EXPRESSIONS.length} rules found`,
    );
  });
});
