import type { CostItem, Estimate } from './estimate';
import type { PriceTable } from './prices';
import type { Source, SourceId } from './sources';
import { HOURS_PER_MONTH } from './usage';

/** Behind a price that was not read for its region. */
const MARKS: Readonly<Record<Source['kind'], string>> = { published: '', derived: '~', memory: '?' };
const MARKS_SAY: Readonly<Record<Source['kind'], string>> = {
  published: '',
  derived: 'carried over from another region, or from the price of two',
  memory: 'from memory, not read: check it before you rely on it',
};

/** Estimates as text for a terminal. */
export function printEstimates(estimates: readonly Estimate[], table: PriceTable): string {
  return [
    ...estimates.map((estimate) => printEstimate(estimate, table)),
    ...(estimates.length > 1 ? [`All ${estimates.length} environments: ${sumText(estimates)}`] : []),
    printTable(estimates, table),
  ].join('\n\n');
}

/** The same for programs. Prices that are not known are null. */
export function jsonOf(estimates: readonly Estimate[], table: PriceTable) {
  const used = new Set(estimates.flatMap(({ items }) => items.map(({ source }) => source)));
  return {
    currency: 'USD',
    hoursPerMonth: HOURS_PER_MONTH,
    prices: {
      date: table.date,
      sources: Object.fromEntries(Object.entries(table.sources).filter(([id]) => used.has(id as SourceId))),
    },
    environments: estimates.map(({ items, monthly, monthlyFromMemory, ...rest }) => ({
      ...rest,
      monthly: round(monthly),
      monthlyFromMemory: round(monthlyFromMemory),
      items: items.map(({ quantity, unitPrice, source, monthly: each, ...said }) => ({
        ...said,
        quantity: quantity ?? null,
        unitPrice: unitPrice ?? null,
        source: source ?? null,
        monthly: each === undefined ? null : round(each),
      })),
    })),
  };
}

function printEstimate(estimate: Estimate, table: PriceTable): string {
  const { environment, fleet, items, region, topology } = estimate;
  const rows = items.map((item) => cells(item, estimate, table));
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = items.map((item, index) => {
    const isNewPart = index > 0 && items[index - 1]?.part !== item.part;
    return `${isNewPart ? '\n' : ''}  ${align(rows[index] ?? [], widths)}`.trimEnd();
  });
  return [
    `${environment}: fleet ${fleet}, ${topology}, ${region}`,
    ...lines,
    '',
    `  per month: ${sumText([estimate])}`,
    '  not in it:',
    ...estimate.leftOut.map((what) => `    - ${what}`),
  ].join('\n');
}

function cells(item: CostItem, { region }: Estimate, table: PriceTable): string[] {
  const { detail = '', monthly, quantity, source, unit, unitPrice, what } = item;
  const elsewhere = item.region === region ? '' : ` (${item.region})`;
  const mark = source === undefined ? '' : MARKS[table.sources[source].kind];
  return [
    `${what}${elsewhere}`,
    detail,
    quantity === undefined ? '?' : `${amount(quantity)} ${unit}`.trim(),
    unitPrice === undefined ? 'no price known' : `$${unitPrice}${mark}`,
    monthly === undefined ? '' : dollars(monthly),
  ];
}

/** Words to the left, numbers to the right. */
function align(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
    .join('  ');
}

function sumText(estimates: readonly Estimate[]): string {
  const fromMemory = estimates.reduce((sum, { monthlyFromMemory }) => sum + monthlyFromMemory, 0);
  const total =
    dollars(estimates.reduce((sum, { monthly }) => sum + monthly, 0)) +
    (fromMemory > 0 ? `, of which ${dollars(fromMemory)} at prices from memory` : '');
  const unpriced = estimates.flatMap(({ items }) => items.filter(({ monthly }) => monthly === undefined));
  if (unpriced.length === 0) return total;
  return `at least ${total}; no price is known for: ${[...new Set(unpriced.map(({ what }) => what))].join(', ')}`;
}

function printTable(estimates: readonly Estimate[], table: PriceTable): string {
  const used = [
    ...new Set(estimates.flatMap(({ items }) => items.flatMap(({ source }) => (source === undefined ? [] : [source])))),
  ];
  const kinds = new Set(used.map((source) => table.sources[source].kind));
  const marks = (['derived', 'memory'] as const).filter((kind) => kinds.has(kind));
  return [
    `An estimate: US dollars, on demand, ${HOURS_PER_MONTH} hours. Prices of ${table.date}, from`,
    ...used.map((source) => `  - ${describe(table.sources[source])}`),
    ...marks.map((kind) => `${MARKS[kind]} ${MARKS_SAY[kind]}`),
    'How it is made, and how to renew the prices: docs/cost.md',
  ].join('\n');
}

function describe({ kind, date, what }: Source): string {
  return `${what} (${date})${MARKS[kind]}`;
}

function amount(quantity: number): string {
  return quantity.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

function dollars(usd: number): string {
  return `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

function round(usd: number): number {
  return Math.round(usd * 100) / 100;
}
