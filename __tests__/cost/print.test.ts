import { estimate } from '../../cost/estimate';
import { jsonOf, printEstimates } from '../../cost/print';
import { checked } from '../constructs/support/environments';
import { deployed, resource, tableOf } from './support';

const ENVIRONMENT = checked({}, { monitoringIntervalSeconds: 0 });
const PRIMARY = resource('aws_db_instance', 'primary');
const TABLE = tableOf({ 'instance/db.r6g.large': 2, 'gp3-gib': 0.5 });

const print = (table = TABLE, ...more: Parameters<typeof deployed>[1][]) =>
  printEstimates([estimate(deployed(ENVIRONMENT, PRIMARY, ...more), table)], table);

test('a line says what, how much of it, and what a piece and the whole cost', () => {
  const lines = print().split('\n');

  expect(lines[0]).toBe('test: fleet orders, instances, eu-central-1');
  expect(lines[1]).toMatch(/^ {2}primary {6,}db\.r6g\.large {2,}730 h {4}\$2 {2}\$1,460\.00$/);
  expect(lines.join('\n')).toMatch(/gp3 storage {2}1 × 20 {2,}20 GiB {2}\$0\.5 {5}\$10\.00/);
  expect(lines).toContain('  per month: $1,470.00');
});

test('a line without a price says so, and the sum says "at least"', () => {
  const text = print(tableOf({ 'gp3-gib': 0.5 }));

  expect(text).toMatch(/primary.*730 h {2}no price known$/m);
  expect(text).toContain('per month: at least $10.00; no price is known for: primary');
});

test('a quantity that is not known is a question mark', () => {
  const odd = checked({}, { instanceClass: 'db.r6g.metal', monitoringIntervalSeconds: 0 });
  const table = tableOf({ 'proxy-vcpu-hour': 0.1 });

  const text = printEstimates([estimate(deployed(odd, resource('aws_db_proxy', 'proxy')), table)], table);

  expect(text).toMatch(/RDS Proxy {2}db\.r6g\.metal {2}\? {2}\$0\.1$/m);
  expect(text).toContain('at least $0.00');
});

test('a resource of another region says which', () => {
  expect(print(TABLE, resource('aws_db_instance', 'replica-dublin', {}, 'eu-west-1'))).toMatch(
    /replica dublin \(eu-west-1\).*no price known/,
  );
});

test('what is not in it is told', () => {
  expect(print()).toContain('  not in it:\n    - data transfer');
});

test('date, currency, hours and every source that was used are told', () => {
  const text = print();

  expect(text).toContain('US dollars, on demand, 730 hours. Prices of 2026-01-31, from');
  expect(text).toContain('  - price list of RDS, eu-central-1, quoted in a public hosting comparison (2026)');
  expect(text).not.toContain('from memory');
});

test('a price from memory is marked, and so are its source and the sum', () => {
  const text = print(tableOf({ 'instance/db.r6g.large': 2, 'gp3-gib': 0.5 }, 'memory'));

  expect(text).toContain('$2?');
  expect(text).toContain('per month: $1,470.00, of which $1,470.00 at prices from memory');
  expect(text).toContain('? from memory, not read: check it before you rely on it');
});

test('a price that was carried over is marked', () => {
  const text = print(tableOf({ 'instance/db.r6g.large': 2, 'gp3-gib': 0.5 }, 'frankfurt-halved'));

  expect(text).toContain('$2~');
  expect(text).toContain('~ carried over');
});

test('several environments have a sum of all', () => {
  const one = estimate(deployed(ENVIRONMENT, PRIMARY), TABLE);

  expect(printEstimates([one, one], TABLE)).toContain('All 2 environments: $2,940.00');
  expect(printEstimates([one], TABLE)).not.toContain('environments:');
});

test('as JSON every line has the same properties, and what is not known is null', () => {
  const table = tableOf({ 'gp3-gib': 0.5 });

  const json = jsonOf([estimate(deployed(ENVIRONMENT, PRIMARY), table)], table);

  expect(json).toEqual({
    currency: 'USD',
    hoursPerMonth: 730,
    prices: { date: '2026-01-31', sources: { 'frankfurt-list': expect.objectContaining({ kind: 'published' }) } },
    environments: [
      {
        environment: 'test',
        fleet: 'orders',
        topology: 'instances',
        region: 'eu-central-1',
        monthly: 10,
        monthlyFromMemory: 0,
        complete: false,
        leftOut: expect.any(Array),
        items: [
          {
            part: 'servers',
            what: 'primary',
            detail: 'db.r6g.large',
            region: 'eu-central-1',
            quantity: 730,
            unit: 'h',
            price: 'instance/db.r6g.large',
            unitPrice: null,
            source: null,
            monthly: null,
          },
          {
            part: 'storage',
            what: 'gp3 storage',
            detail: '1 × 20',
            region: 'eu-central-1',
            quantity: 20,
            unit: 'GiB',
            price: 'gp3-gib',
            unitPrice: 0.5,
            source: 'frankfurt-list',
            monthly: 10,
          },
        ],
      },
    ],
  });
});
