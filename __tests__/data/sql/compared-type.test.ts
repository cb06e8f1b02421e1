import fc from 'fast-check';
import { comparedType, typeSchema } from '../../../data/sql/names';

test.each([
  ['varchar(3)', 'varchar'],
  ['VARCHAR(3)', 'VARCHAR'],
  ['character varying(3)', 'character varying'],
  ['character varying', 'character varying'],
  ['national character varying(3)', 'national character varying'],
  ['char', 'bpchar'],
  ['char(3)', 'bpchar'],
  ['Character(3)', 'bpchar'],
  ['character', 'bpchar'],
  ['nchar(3)', 'bpchar'],
  ['national character(3)', 'bpchar'],
  ['bpchar(3)', 'bpchar'],
  ['pg_catalog.bpchar(3)', 'pg_catalog.bpchar'],
  ['bit', 'pg_catalog.bit'],
  ['bit(3)', 'pg_catalog.bit'],
  ['bit varying(3)', 'bit varying'],
  ['varbit(3)', 'varbit'],
  ['numeric(10,2)', 'numeric'],
  ['decimal(10, 2)', 'decimal'],
  ['time(0)', 'time'],
  ['timestamptz(0)', 'timestamptz'],
  ['timestamp(3) without time zone', 'timestamp without time zone'],
  ['timestamp(0) with time zone', 'timestamp with time zone'],
  ['interval(0)', 'interval'],
  ['interval second(0)', 'interval'],
  ['interval day to second(3)', 'interval'],
  ['interval year', 'interval'],
  ['varchar(3)[]', 'varchar[]'],
  ['char[][]', 'bpchar[][]'],
  ['timestamp(0) with time zone[]', 'timestamp with time zone[]'],
  // Nothing to take away, or another type.
  ['bigint', 'bigint'],
  ['double precision', 'double precision'],
  ['timestamp with time zone', 'timestamp with time zone'],
  ['float(24)', 'float(24)'],
  ['"char"', '"char"'],
  ['pg_catalog.char', 'pg_catalog.char'],
  ['chat.mood', 'chat.mood'],
  ['"Mood(3)"', '"Mood(3)"'],
  ['chat."a char(3)"[]', 'chat."a char(3)"[]'],
  ['interval_of', 'interval_of'],
])('a value is compared as %s by a cast to %s', (type, compared) => {
  expect(typeSchema.safeParse(type).success).toBe(true);
  expect(comparedType(type)).toBe(compared);
});

test('whatever the type, what it is compared as is a type with no length, and stays as it is', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('text', 'char', 'bit', 'varchar', 'numeric', 'bit varying', 'timestamp', 'interval second'),
      fc.constantFrom('', '(3)', '(10,2)', '(10, 2)'),
      fc.constantFrom('', ' with time zone', ' without time zone'),
      fc.constantFrom('', '[]', '[][]'),
      (name, modifier, zone, lists) => {
        const compared = comparedType(`${name}${modifier}${zone}${lists}`);
        expect(typeSchema.safeParse(compared).success).toBe(true);
        expect(compared).not.toContain('(');
        expect(compared.endsWith(lists)).toBe(true);
        expect(comparedType(compared)).toBe(compared);
      },
    ),
  );
});
