import type { RangedSpec } from './spec';
import { DURATION_UNIT_MS, formatDuration, formatSize, SIZE_UNIT_BYTES } from './units';

/** The values that a parameter may have, as a person would write them: `0ms to 30s, or -1.` */
export function formatRange(spec: RangedSpec): string {
  const below = (spec.special ?? []).filter((value) => value < spec.min);
  const others = below.length > 0 ? `, or ${below.join(', ')}` : '';
  return `${formatAmount(spec, spec.min)} to ${formatAmount(spec, spec.max)}${others}.`;
}

/** A number in RDS's unit, as a person would write it. */
export function formatAmount(spec: RangedSpec, amount: number): string {
  if (spec.type === 'size') return formatSize(amount * SIZE_UNIT_BYTES[spec.unit]);
  if (spec.type === 'duration') return formatDuration(amount * DURATION_UNIT_MS[spec.unit]);
  return String(amount);
}
