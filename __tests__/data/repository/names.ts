import fc from 'fast-check';

/** What has broken one program or another that puts names into SQL. */
export const HOSTILE = [
  '"',
  '""',
  `'`,
  'a"b',
  '"; drop table canary; --',
  `'; drop table canary; --`,
  'x" (id) values (1); delete from canary; --',
  'id" = $1 or "id',
  '$1',
  '$$',
  '\\',
  '\\"',
  '/*',
  '*/',
  '-- readfleet: primary',
  '/* readfleet: replica */',
  'a.b',
  'public.canary',
  '.',
  ' ',
  '\n',
  'select',
  'User',
  'user',
  'order',
  'CamelCase',
  'пример',
  '表',
  '😀',
  'e\u0301',
  '\u202e',
  '\ufeff',
  '\u2028',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'excluded',
  '0',
  '1',
  'null',
  'nextval',
  'pg_stat_activity',
  'x_seq',
  '%s %I',
  '%',
  'x'.repeat(63),
  '"'.repeat(63),
  '😀'.repeat(15),
] as const;

/** Columns that every table has already. */
const OF_THE_SYSTEM = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']);

/** Whatever PostgreSQL takes for a name. */
export const hostileName: fc.Arbitrary<string> = fc
  .oneof(
    fc.constantFrom(...HOSTILE),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
    fc.string({ unit: fc.constantFrom('"', "'", '\\', '$', '.', ';', '-', '/', '*', ' ', 'a', '\n'), minLength: 1 }),
  )
  .filter((name) => !name.includes('\0') && Buffer.byteLength(name) <= 63 && name !== '' && !OF_THE_SYSTEM.has(name));

/** So many names, each another. */
export function hostileNames(count: number): fc.Arbitrary<string[]> {
  return fc.uniqueArray(hostileName, { minLength: count, maxLength: count });
}
