import type { DurationUnit, ParameterSpec, SizeUnit } from '../spec';

export type Query = (sql: string) => Promise<{ rows: unknown[] }>;

/** A row of `pg_settings`. */
export interface Setting {
  readonly name: string;
  readonly unit: string | null;
  readonly vartype: 'bool' | 'integer' | 'real' | 'enum' | 'string';
  readonly context: string;
  readonly min_val: string | null;
  readonly max_val: string | null;
  readonly enumvals: readonly string[] | null;
  readonly category: string;
  readonly short_desc: string;
}

/** Extensions whose parameters the generator takes from a server that has loaded them. */
export const PRELOADED = ['auto_explain', 'pg_prewarm', 'pg_stat_statements'];

const SIZE_UNITS: readonly string[] = ['B', 'kB', '8kB', 'MB'] satisfies SizeUnit[];
const DURATION_UNITS: readonly string[] = ['ms', 's', 'min'] satisfies DurationUnit[];

/** Every setting of the server and of the extensions it has loaded, by the name that RDS has for it. */
export async function settingsOf(query: Query): Promise<ReadonlyMap<string, Setting>> {
  const { rows } = await query(
    `SELECT name, unit, vartype, context, min_val, max_val, enumvals, category, short_desc FROM pg_settings
     WHERE name !~ '[.]' OR split_part(name, '.', 1) IN (${PRELOADED.map((name) => `'${name}'`).join(', ')})`,
  );
  // RDS writes DateStyle, IntervalStyle and TimeZone in lower case; PostgreSQL does not care.
  return new Map((rows as Setting[]).map((setting) => [setting.name.toLowerCase(), setting]));
}

/** What PostgreSQL itself says of a setting. */
export function specOfSetting(setting: Setting): ParameterSpec {
  const restart = setting.context === 'postmaster' ? { static: true } : {};
  switch (setting.vartype) {
    case 'bool':
      return { type: 'boolean', ...restart };
    case 'string':
      return { type: 'text', ...restart };
    case 'enum':
      return { type: 'enum', values: setting.enumvals ?? [], ...restart };
    case 'integer':
    case 'real':
      return { ...ranged(setting), ...restart };
  }
}

function ranged(setting: Setting): ParameterSpec {
  const { unit } = setting;
  const min = Number(setting.min_val);
  const max = Number(setting.max_val);
  if (unit === null) return { type: setting.vartype === 'real' ? 'real' : 'integer', min, max };
  // What is counted in units starts at 0; below it is a number with a meaning of its own.
  const special = min <= 0 ? { special: min < 0 ? [min, 0] : [0] } : {};
  const range = { min: Math.max(min, 0), max, ...special };
  if (SIZE_UNITS.includes(unit)) return { type: 'size', unit: unit as SizeUnit, ...range };
  if (DURATION_UNITS.includes(unit)) {
    const fractions = setting.vartype === 'real' ? { fractions: true } : {};
    return { type: 'duration', unit: unit as DurationUnit, ...fractions, ...range };
  }
  throw new Error(`${setting.name} has the unit ${unit}, which units.ts does not know.`);
}
