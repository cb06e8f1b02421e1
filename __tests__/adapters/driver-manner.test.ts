import { LONG_LIVED } from '../../adapters/orm/driver/manner';
import { type Classifier, loadClassifier } from '../../lib/intent';

let classifier: Classifier;

beforeAll(async () => {
  classifier = await loadClassifier();
});

const placeOf = (text: string, speaks = false) => LONG_LIVED.placeOf(classifier.classify(text), speaks, text);
const outlives = (text: string) => LONG_LIVED.outlives(classifier.classify(text), text);

/** As ORMs ask them outside of a transaction. */
describe('is run where the fleet runs it, and leaves the client without a connection:', () => {
  test.each([
    'select 1',
    'insert into note (body) values ($1) returning id',
    `select nextval('ticket')`,
    'select charge_card($1)',
    'call close_the_books()',
    'create table other (id int)',
    'show server_version',
    'notify news',
    'select pg_advisory_xact_lock(1)',
    'set local work_mem = 64',
    'select * from note for update',
    `insert into note (body) values ('${'long '.repeat(20_000)}')`,
    'commit',
  ])('%.60s', (text) => {
    expect(placeOf(text)).toBe('anywhere');
    expect(outlives(text)).toBe(false);
  });
});

describe('keeps its connection of the primary:', () => {
  test.each([
    'set search_path to app',
    `set time zone 'UTC'; set client_min_messages to warning`,
    `select set_config('app.tenant', $1, false)`,
    `select set_config('app.tenant', $1, $2)`,
    `select set_config('a', '1', true), set_config('b', '2', false)`,
    'reset all',
    'listen news',
    'select pg_advisory_lock(1)',
    'create temp table mine (id int)',
    'create temp table mine (id int) on commit delete rows',
    'create temp table mine (id int) on commit drop; create temp table yours (id int)',
    'create table pg_temp.mine (id int)',
    'declare c cursor with hold for select 1',
    'prepare p as select 1',
    // What comes first says nothing of what is left.
    'insert into note (body) values (1); set search_path to app',
    'begin; insert into note (body) values (1)',
    `create function pg_temp.f() returns int as $f$ begin return 1; end; $f$ language plpgsql`,
    'do $$ begin perform 1; end $$',
  ])('%.60s', (text) => {
    expect(placeOf(text)).toBe('primary');
    expect(outlives(text)).toBe(true);
  });
});

describe('is over with its transaction:', () => {
  test.each([
    `select set_config('app.tenant', $1, true)`,
    `select set_config('app.tenant', 'it''s', TRUE), set_config('app.user', $1, 't')`,
    'set local search_path to app',
    'set transaction isolation level repeatable read',
    'savepoint a',
    'declare c cursor for select 1',
    'create temp table mine (id int) on commit drop;',
    'CREATE LOCAL TEMPORARY TABLE mine ON COMMIT DROP AS SELECT 1',
    'lock table note',
  ])('%s', (text) => {
    expect(outlives(text)).toBe(false);
  });
});

test('a transaction has a connection of the primary', () => {
  expect(placeOf('BEGIN;')).toBe('primary');
  expect(placeOf('START TRANSACTION ISOLATION LEVEL SERIALIZABLE;')).toBe('primary');
});

test('a transaction that says it only reads has one of a replica', () => {
  expect(placeOf('BEGIN TRANSACTION READ ONLY;')).toBe('reader');
});

test('what speaks the protocol itself has a connection of the server that may run it', () => {
  expect(placeOf('select 1', true)).toBe('reader');
  expect(placeOf('copy note from stdin', true)).toBe('primary');
});

test('what nobody can read is kept on the primary', () => {
  expect(LONG_LIVED.placeOf(undefined, true, undefined)).toBe('primary');
  expect(LONG_LIVED.outlives(undefined, undefined)).toBe(true);
});
