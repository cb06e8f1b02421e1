import type { Problem } from '../../lib/problems';
import { suggestion } from '../nearest';
import { PARAMETER_NAMES, specOf } from './catalogue';
import { type ApplyMethod, isCustom } from './custom';
import type { ParameterSpec } from './spec';
import { DURATION_UNIT_MS, formatDuration, formatSize, parseDuration, parseSize, SIZE_UNIT_BYTES } from './units';

/** A parameter as RDS takes it. */
export interface RdsParameter {
  readonly name: string;
  /** In RDS's own unit, without it. */
  readonly value: string;
  readonly applyMethod: ApplyMethod;
}

export interface Converted {
  /** Sorted by name, so that the order of writing makes no diff. */
  readonly parameters: readonly RdsParameter[];
  /** One per parameter that was refused; its path is the parameter's name. */
  readonly problems: readonly Problem[];
}

type Outcome = { readonly value: string } | { readonly refused: Omit<Problem, 'path' | 'got'> };

/** Human values into RDS's units, each with the right apply method. Never throws: what is wrong is in `problems`. */
export function convertParameters(parameters: Readonly<Record<string, unknown>>): Converted {
  const converted: RdsParameter[] = [];
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue;
    if (isCustom(value)) {
      converted.push({ name, value: value.value, applyMethod: value.apply });
      continue;
    }
    const spec = specOf(name);
    const outcome = spec ? convert(spec, value) : unknownParameter(name);
    if ('refused' in outcome) problems.push({ path: name, got: value, ...outcome.refused });
    else converted.push({ name, value: outcome.value, applyMethod: spec?.static ? 'pending-reboot' : 'immediate' });
  }
  return { parameters: converted.sort((a, b) => (a.name < b.name ? -1 : 1)), problems };
}

function convert(spec: ParameterSpec, value: unknown): Outcome {
  switch (spec.type) {
    case 'size':
      return inUnits(spec, value, parseSize, SIZE_UNIT_BYTES[spec.unit], formatSize, "a size such as '256MB'");
    case 'duration':
      return inUnits(
        spec,
        value,
        parseDuration,
        DURATION_UNIT_MS[spec.unit],
        formatDuration,
        "a duration such as '30s'",
      );
    case 'integer':
      if (!Number.isInteger(value)) return wrongType('a whole number');
      return inRange(spec, value as number) ? { value: String(value) } : outOfRange(String(spec.min), String(spec.max));
    case 'real':
      if (typeof value !== 'number' || !Number.isFinite(value)) return wrongType('a number');
      return inRange(spec, value) ? { value: String(value) } : outOfRange(String(spec.min), String(spec.max));
    case 'boolean':
      return typeof value === 'boolean' ? { value: value ? '1' : '0' } : wrongType('true or false');
    case 'enum':
      return typeof value === 'string' && spec.values.includes(value)
        ? { value }
        : wrongType(`one of ${spec.values.join(', ')}`);
    case 'list':
      return list(spec.values, value);
  }
}

function inUnits(
  spec: Extract<ParameterSpec, { type: 'size' | 'duration' }>,
  value: unknown,
  parse: (text: string) => number | undefined,
  unit: number,
  format: (amount: number) => string,
  what: string,
): Outcome {
  if (typeof value === 'number' && spec.special?.includes(value)) return { value: String(value) };
  const amount = typeof value === 'string' ? parse(value) : undefined;
  if (amount === undefined) {
    return wrongType(spec.special ? `${what}, or ${spec.special.join(', ')}` : `${what}; a bare number has no unit`);
  }
  const count = amount / unit;
  if (!inRange(spec, count)) return outOfRange(format(spec.min * unit), format(spec.max * unit));
  if (Number.isInteger(count)) return { value: String(count) };
  const below = Math.max(Math.floor(count), spec.min);
  return {
    refused: {
      code: 'READFLEET_PARAMETER_NOT_WHOLE',
      message: `RDS counts it in whole units of ${spec.unit}.`,
      fix: `The nearest are '${format(below * unit)}' and '${format(Math.ceil(count) * unit)}'.`,
    },
  };
}

function list(known: readonly string[], value: unknown): Outcome {
  if (!isTexts(value)) return wrongType('a list of names');
  const stranger = value.find((item) => !known.includes(item));
  if (stranger === undefined) return { value: value.join(',') };
  return {
    refused: {
      code: 'READFLEET_PARAMETER_VALUE',
      message: `RDS offers no "${stranger}" here.`,
      fix: `${suggestion(stranger, known)} Or set it with custom().`,
    },
  };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function inRange(spec: { readonly min: number; readonly max: number }, value: number): boolean {
  return value >= spec.min && value <= spec.max;
}

function outOfRange(min: string, max: string): Outcome {
  return {
    refused: { code: 'READFLEET_PARAMETER_RANGE', message: 'PostgreSQL refuses it.', fix: `Set ${min} to ${max}.` },
  };
}

function wrongType(expected: string): Outcome {
  return {
    refused: { code: 'READFLEET_PARAMETER_TYPE', message: 'It is of the wrong kind.', fix: `Write ${expected}.` },
  };
}

function unknownParameter(name: string): Outcome {
  return {
    refused: {
      code: 'READFLEET_PARAMETER_UNKNOWN',
      message: 'The catalogue of parameters has no such name.',
      fix: `${near(name)}Set it with custom() when RDS has it.`,
    },
  };
}

function near(name: string): string {
  const text = suggestion(name, PARAMETER_NAMES);
  return text.startsWith('Did') ? `${text} ` : '';
}
