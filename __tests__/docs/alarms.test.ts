import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compositeRows, metricRows } from './alarm-rows';
import { tableRows } from './table';

const document = readFileSync(join(__dirname, '../../docs/alarms.md'), 'utf8');

test('every alarm that tells people stands in the table, as it is deployed', () => {
  expect(tableRows(document, 'Who is told what')).toEqual(compositeRows());
});

test('every alarm on a metric stands in the table, with its condition, as it is deployed', () => {
  expect(tableRows(document, 'Behind them')).toEqual(metricRows());
});

test('there are as many as one expects', () => {
  expect(compositeRows().length).toBeGreaterThanOrEqual(9);
  expect(metricRows().length).toBeGreaterThanOrEqual(20);
});
