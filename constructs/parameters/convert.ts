import type { Problem } from '../../lib/problems';
import { suggestion } from '../nearest';
import type { ParameterTarget } from './catalogue';
import { type ApplyMethod, isCustom } from './custom';
import { decimal } from './decimal';
import { formatAmount, formatRange } from './format-range';
import { offered } from './offer';
import { type Outcome, refused, wrongType } from './refusal';
import type { ParameterSpec, RangedSpec } from './spec';
import { DURATION_UNIT_MS, parseDuration, parseSize, SIZE_UNIT_BYTES } from './units';

/** A parameter as RDS takes it. */
export interface RdsParameter {
  readonly name: string;
  /** In RDS's own unit, without it. */
  readonly value: string;
  readonly applyMethod: ApplyMethod;
}

/** What became of human values: parameters as RDS takes them, and what was refused. */
export interface Converted {
  /** Sorted by name, so that the order of writing makes no diff. */
  readonly parameters: readonly RdsParameter[];
  /** One per parameter that was refused; its path is the parameter's name. */
  readonly problems: readonly Problem[];
}

/**
 * Human values into RDS's units, each with the right apply method. Never throws: what is wrong is in `problems`.
 *
 * @param target the engine they are for; without it, whatever some major of RDS or Aurora takes is taken
 */
export function convertParameters(
  parameters: Readonly<Record<string, unknown>>,
  target: ParameterTarget = {},
): Converted {
  const converted: RdsParameter[] = [];
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue;
    if (isCustom(value)) {
      converted.push({ name, value: value.value, applyMethod: value.apply });
      continue;
    }
    const offer = offered(name, target);
    if ('refused' in offer) {
      problems.push({ path: name, got: value, ...offer.refused });
      continue;
    }
    const outcome = convert(offer.spec, value);
    if ('refused' in outcome) problems.push({ path: name, got: value, ...outcome.refused });
    else
      converted.push({ name, value: outcome.value, applyMethod: offer.spec.static ? 'pending-reboot' : 'immediate' });
  }
  return { parameters: converted.sort((a, b) => (a.name < b.name ? -1 : 1)), problems };
}

function convert(spec: ParameterSpec, value: unknown): Outcome {
  switch (spec.type) {
    case 'size':
      return inUnits(spec, value, parseSize, SIZE_UNIT_BYTES[spec.unit], "a size such as '256MB'");
    case 'duration':
      return inUnits(spec, value, parseDuration, DURATION_UNIT_MS[spec.unit], "a duration such as '30s'");
    case 'integer':
      return Number.isInteger(value) ? number(spec, value as number) : wrongType('a whole number');
    case 'real':
      return typeof value === 'number' && Number.isFinite(value) ? number(spec, value) : wrongType('a number');
    case 'boolean':
      return typeof value === 'boolean' ? { value: (spec.words ?? TOGGLE)[value ? 1 : 0] } : wrongType('true or false');
    case 'enum':
      return typeof value === 'string' && spec.values.includes(value)
        ? { value }
        : wrongType(`one of ${spec.values.join(', ')}`);
    case 'list':
      if (spec.toggle && typeof value === 'boolean') return { value: TOGGLE[value ? 1 : 0] };
      return list(spec.values, value);
    case 'text':
      return typeof value === 'string' ? { value } : wrongType('a text');
  }
}

const TOGGLE = ['0', '1'] as const;

function inUnits(
  spec: Extract<ParameterSpec, { type: 'size' | 'duration' }>,
  value: unknown,
  parse: (text: string) => number | undefined,
  unit: number,
  what: string,
): Outcome {
  if (typeof value === 'number' && spec.special?.includes(value)) return { value: String(value) };
  const amount = typeof value === 'string' ? parse(value) : undefined;
  if (amount === undefined) {
    const numbers = spec.special?.length ? `, or ${spec.special.join(', ')}` : '; a bare number has no unit';
    return wrongType(`${what}${numbers}`);
  }
  const count = amount / unit;
  if (count < spec.min || count > spec.max) return outOfRange(spec);
  if (Number.isInteger(count) || (spec.type === 'duration' && spec.fractions)) return { value: decimal(count) };
  const below = Math.max(Math.floor(count), spec.min);
  return refused(
    'READFLEET_PARAMETER_NOT_WHOLE',
    `RDS counts it in whole units of ${spec.unit}.`,
    `The nearest are '${formatAmount(spec, below)}' and '${formatAmount(spec, Math.ceil(count))}'.`,
  );
}

function number(spec: RangedSpec, value: number): Outcome {
  return value >= spec.min && value <= spec.max ? { value: decimal(value) } : outOfRange(spec);
}

function list(known: readonly string[], value: unknown): Outcome {
  if (!isTexts(value)) return wrongType('a list of names');
  const stranger = value.find((item) => !known.includes(item));
  if (stranger === undefined) return { value: value.join(',') };
  return refused(
    'READFLEET_PARAMETER_VALUE',
    `RDS offers no "${stranger}" here.`,
    `${suggestion(stranger, known)} Or set it with custom().`,
  );
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function outOfRange(spec: RangedSpec): Outcome {
  return refused('READFLEET_PARAMETER_RANGE', 'AWS or PostgreSQL refuses it.', `Set ${formatRange(spec)}`);
}
