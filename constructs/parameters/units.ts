import type { DurationUnit, SizeUnit } from './spec';

/** A size as people write it: `'256MB'`, `'16 MB'`, `'1.5GB'`. Powers of 1024, as PostgreSQL counts. */
export type Size = `${number}${'' | ' '}${'B' | 'kB' | 'MB' | 'GB' | 'TB'}`;

/** A duration as people write it: `'30s'`, `'5 min'`. */
export type Duration = `${number}${'' | ' '}${'ms' | 's' | 'min' | 'h' | 'd'}`;

const BYTES = { B: 1, kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 } as const;
const MILLISECONDS = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** How many bytes one of RDS's size units is. */
export const SIZE_UNIT_BYTES: Readonly<Record<SizeUnit, number>> = {
  B: 1,
  kB: BYTES.kB,
  '8kB': 8 * BYTES.kB,
  MB: BYTES.MB,
};

/** How many milliseconds one of RDS's duration units is. */
export const DURATION_UNIT_MS: Readonly<Record<DurationUnit, number>> = { ms: 1, s: 1000, min: 60_000 };

/** `'16 MB'` in bytes, or nothing when it is not a size. */
export function parseSize(text: string): number | undefined {
  return parse(text, BYTES);
}

/** `'30s'` in milliseconds, or nothing when it is not a duration. */
export function parseDuration(text: string): number | undefined {
  return parse(text, MILLISECONDS);
}

/** Bytes as people write them, in the largest unit that leaves a whole number: `'256MB'`. */
export function formatSize(bytes: number): string {
  return format(bytes, BYTES);
}

/** Milliseconds as people write them, in the largest unit that leaves a whole number: `'5min'`. */
export function formatDuration(milliseconds: number): string {
  return format(milliseconds, MILLISECONDS);
}

function parse(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)$/.exec(text);
  const factor = match?.[2] !== undefined && Object.hasOwn(units, match[2]) ? units[match[2]] : undefined;
  if (factor === undefined || match?.[1] === undefined) return undefined;
  const amount = Number(match[1]) * factor;
  // 1.005 s is no binary fraction, and would come out a hair short of 1005 ms.
  return match[1].includes('.') ? Number(amount.toPrecision(15)) : amount;
}

function format(amount: number, units: Readonly<Record<string, number>>): string {
  const entries = Object.entries(units).reverse();
  const [unit, factor] = entries.find(([, size]) => amount >= size && amount % size === 0) ??
    entries[entries.length - 1] ?? ['', 1];
  return `${amount / factor}${unit}`;
}
