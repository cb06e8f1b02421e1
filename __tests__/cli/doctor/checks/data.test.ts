import { data } from '../../../../cli/doctor/checks/data';
import { but, found, healthy, hidden, told } from '../facts';

const collation = (recorded: string | null, actual: string | null, others: string[] = []) => ({
  collation: found({ recorded, actual, others }),
});

test('an index that another version sorted', () => {
  expect(told(data, but(healthy(), { blue: collation('2.36', '2.39') }), 'data.collation')).toEqual([
    "not ok blue: collations were made with another version than it has (2.39): the database's with 2.36",
    'not ok: members sort text by different versions: 1 on primary, green; 2.39 on blue',
  ]);
});

test('a collation of a column', () => {
  expect(told(data, but(healthy(), { green: collation('1', '1', ['de-x-icu']) }), 'data.collation')).toEqual([
    'not ok green: collations were made with another version than it has (1): "de-x-icu"',
  ]);
});

test('collations without versions cannot differ', () => {
  const none = collation(null, null);

  expect(told(data, but(healthy(), { primary: none, blue: none, green: none }), 'data.collation')).toEqual([
    'ok: a collation without versions',
  ]);
});

test('PostgreSQL before 15 does not tell', () => {
  const old = { collation: hidden('column "datcollversion" does not exist') };

  expect(told(data, but(healthy(), { primary: old, blue: old, green: old }), 'data.collation')).toEqual([
    'unknown: not told before PostgreSQL 15: column "datcollversion" does not exist',
  ]);
});

test('an extension whose files are not there', () => {
  const postgis = { name: 'postgis', version: '3.5', available: true };
  const facts = but(healthy(), {
    primary: { extensions: found([postgis]) },
    blue: { extensions: found([{ ...postgis, available: false }]) },
  });

  expect(told(data, facts, 'data.extensions')).toEqual([
    'warning blue: lacks the files of extension postgis 3.5: what uses it fails there',
  ]);
  expect(told(data, healthy(), 'data.extensions')).toEqual(['ok: installed everywhere: plpgsql 1.0']);
});
