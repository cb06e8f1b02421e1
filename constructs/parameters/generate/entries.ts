import type { CatalogueEntry, ParameterSpec } from '../spec';
import { type Addition, ENGINE, EXTENSIONS, RDS } from './additions';
import { FIXED_NAMES, fixed } from './fixed';
import { GONE, SINCE } from './majors';
import { NARROWED, NOT_ON_AURORA } from './narrowed';
import { NOTES } from './notes';
import type { Setting } from './settings';
import { specOfSetting } from './settings';

/** A line of the catalogue, with what editors show of it. */
export interface Entry {
  readonly name: string;
  readonly spec: CatalogueEntry;
  readonly doc: string;
}

/**
 * Everything that is known, sorted by name: the server's settings joined with the tables of this folder.
 *
 * @throws Error when a table names what nothing else knows: a slip in the table, or a parameter that is gone
 */
export function entriesFrom(settings: ReadonlyMap<string, Setting>): Entry[] {
  const additions: Readonly<Record<string, Addition>> = { ...RDS, ...ENGINE, ...EXTENSIONS, ...GONE };
  const names = new Set([...settings.keys(), ...Object.keys(additions), ...FIXED_NAMES]);
  for (const name of [...Object.keys(NARROWED), ...Object.keys(NOTES), ...SINCE.keys(), ...NOT_ON_AURORA]) {
    if (!names.has(name)) throw new Error(`A table says something of ${name}, which is no parameter.`);
  }
  return [...names].sort(byCodeUnit).map((name) => entry(name, settings.get(name), additions[name]));
}

function entry(name: string, setting: Setting | undefined, addition: Addition | undefined): Entry {
  const doc = [setting?.short_desc ?? addition?.doc, NOTES[name]].filter(Boolean).join(' ');
  const pinned = fixed(name, setting);
  if (pinned) return { name, spec: pinned, doc };
  const known = setting ? specOfSetting(setting) : addition?.spec;
  if (!known) throw new Error(`Nothing is known of ${name}.`);
  const since = SINCE.get(name);
  const spec = {
    ...known,
    ...NARROWED[name],
    ...(since ? { since } : {}),
    ...(NOT_ON_AURORA.includes(name) ? { only: 'rds' } : {}),
  } as ParameterSpec;
  // PostgreSQL's empty alternative means "unset", which leaving the parameter out says.
  if (spec.type === 'enum')
    return { name, doc, spec: { ...spec, values: spec.values.filter((value) => value !== '') } };
  return { name, doc, spec };
}

/** So that the collation of the server does not show. */
function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : 1;
}
