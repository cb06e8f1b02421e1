import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { fleetAlertList } from '../../../monitoring/rules/alerts';
import { tableRows } from '../../docs/table';
import { CONTRACT } from './processes';

const document = readFileSync(join(__dirname, '../../../docs/alerts.md'), 'utf8');
const ALERTS = fleetAlertList(CONTRACT);

test('every alert stands in the table, with its condition, as it is generated', () => {
  const rows = ALERTS.map(({ first, meaning, name, runbook, severity, when }) => [
    `\`${name}\``,
    severity,
    when,
    meaning,
    first,
    `[${runbook.replace('.md', '')}](runbooks/${runbook})`,
  ]);

  expect(tableRows(document, 'The alerts')).toEqual(rows);
});

test('what Alertmanager is told to hold back are alerts that there are', () => {
  const [, text = ''] = /```yaml\n(inhibit_rules:[^`]*)```/.exec(document) ?? [];
  const { inhibit_rules: rules } = parse(text) as {
    inhibit_rules: readonly {
      source_matchers: readonly string[];
      target_matchers: readonly string[];
      equal: readonly string[];
    }[];
  };
  const named = rules.flatMap(({ source_matchers, target_matchers }) =>
    [...source_matchers, ...target_matchers].flatMap(
      (matcher) => /alertname=~?"(.*)"/.exec(matcher)?.[1]?.split('|') ?? [],
    ),
  );

  expect(rules.length).toBe(3);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !ALERTS.some((alert) => alert.name === name))).toEqual([]);
});
