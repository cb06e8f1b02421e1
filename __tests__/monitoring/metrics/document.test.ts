import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_BUCKETS, INSTRUMENTS, type Instrument } from '../../../monitoring/metrics/instruments';
import { resolveMetricsOptions } from '../../../monitoring/metrics/options';
import { tableRows } from '../../docs/table';

const document = readFileSync(join(__dirname, '../../../docs/metrics.md'), 'utf8');

test('docs/metrics.md has every metric, as it is measured', () => {
  const rows = Object.values(INSTRUMENTS).map(({ name, kind, labels, help }: Instrument) => [
    `\`${name}\``,
    kind,
    labels.map((label) => `\`${label}\``).join(', '),
    help,
  ]);
  expect(tableRows(document, 'The metrics')).toEqual(rows);
  expect(rows.length).toBeGreaterThan(20);
});

test('docs/metrics.md says the defaults that there are', () => {
  expect(document).toContain(`\`maxEndpoints\` (default ${resolveMetricsOptions({}, 'x').maxEndpoints})`);
  expect(document).toContain(`\`buckets: { ${Object.keys(DEFAULT_BUCKETS).join(', ')} }\``);
});
