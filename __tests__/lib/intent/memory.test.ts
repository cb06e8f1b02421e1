import { type Classifier, type FunctionCatalogue, loadClassifier } from '../../../lib/intent';
import { builtinCatalogue } from '../../../lib/intent/catalogue';

const REPLICA = { target: 'replica', reason: 'reads' };

let classifier: Classifier;

beforeEach(async () => {
  classifier = await loadClassifier();
});

/** The built-in catalogue as a server's, with one function of the user's more. */
function withFunction(name: string, volatile: boolean): FunctionCatalogue {
  const builtin = builtinCatalogue();
  const entry = { schema: 'public', volatile, unary: true };
  return { ...builtin, source: 'server', functions: new Map([...builtin.functions, [name, [entry]]]) };
}

test('the same text gets the same answer, from memory', () => {
  expect(classifier.classify('SELECT 1')).toBe(classifier.classify('SELECT 1'));
});

test('what a standby refused goes to the primary from then on', () => {
  const sql = 'SELECT a FROM t WHERE b = 1';
  expect(classifier.classify(sql)).toEqual(REPLICA);

  classifier.learn(sql, 'refused by a standby: 25006');

  expect(classifier.classify(sql)).toEqual({
    target: 'primary',
    reason: 'refused by a standby: 25006',
    session: 'binds',
  });
});

test('a refusal is learned for all constants, also of texts that were known as reads', () => {
  expect(classifier.classify('SELECT a FROM t WHERE b = 2')).toEqual(REPLICA);

  classifier.learn('SELECT a FROM t WHERE b = 1', 'refused');

  expect(classifier.classify('SELECT a FROM t WHERE b = 2').target).toBe('primary');
  expect(classifier.classify('select a from t /* again */ where b = 300').target).toBe('primary');
  expect(classifier.classify('SELECT a FROM t WHERE c = 1')).toEqual(REPLICA);
});

test('a hint does not overrule what a standby refused', () => {
  classifier.learn('SELECT a FROM t', 'refused');

  expect(classifier.classify('/* readfleet: replica */ SELECT a FROM t').target).toBe('primary');
});

test('a text that cannot be parsed can be learned too', () => {
  classifier.learn('SELEC', 'refused');

  expect(classifier.classify('SELEC').target).toBe('primary');
});

test('a new catalogue changes the answers that were remembered, and not those that were learned', () => {
  classifier.learn('SELECT a FROM t', 'refused');
  expect(classifier.classify('SELECT f(1)')).toEqual({
    target: 'primary',
    reason: 'unknown function f',
    session: 'binds',
  });

  classifier.use(withFunction('f', false));
  expect(classifier.classify('SELECT f(1)')).toEqual(REPLICA);
  expect(classifier.classify('SELECT a FROM t').target).toBe('primary');

  classifier.use(withFunction('f', true));
  expect(classifier.classify('SELECT f(1)')).toEqual({
    target: 'primary',
    reason: 'volatile function f',
    session: 'binds',
  });
});

test('the caller may vouch for a function that is unknown or volatile, and for the statistics of a replica', () => {
  const promised = { target: 'replica', reason: 'hint' };

  expect(classifier.classify('/* readfleet: replica */ SELECT f(1)')).toEqual(promised);
  expect(classifier.classify('SELECT * FROM pg_stat_activity -- readfleet: replica')).toEqual(promised);
  classifier.use(withFunction('f', true));
  expect(classifier.classify('/* readfleet: replica */ SELECT f(1)')).toEqual(promised);
});

test('the caller cannot vouch for a part and get the rest for free', () => {
  expect(classifier.classify(`/* readfleet: replica */ SELECT f(1), nextval('s')`).target).toBe('primary');
  expect(classifier.classify('/* readfleet: replica */ SELECT f(1); DELETE FROM t').target).toBe('primary');
});

test('the memory is bounded by the length of the texts too', async () => {
  const small = await loadClassifier({ cacheSize: 10 });
  // An answer with a name in it is a new object whenever it is worked out anew.
  const long = (n: number) => `SELECT f(${n}, '${'x'.repeat(4_000)}')`;
  const first = small.classify(long(0));
  expect(small.classify(long(0))).toBe(first);

  for (let n = 1; n < 4; n++) small.classify(long(n));

  expect(small.classify(long(0))).not.toBe(first);
  expect(small.classify(long(0))).toEqual(first);
});

describe('texts that the parser must not be given', () => {
  test.each([
    ['chained operators', `SELECT 1${' + 1'.repeat(12_000)}`],
    ['nested selects', `SELECT ${'(SELECT '.repeat(5_000)}1${')'.repeat(5_000)}`],
    ['nested calls', `SELECT ${'abs('.repeat(5_000)}1${')'.repeat(5_000)}`],
    ['a long union', `SELECT 1${' UNION SELECT 1'.repeat(3_500)}`],
    ['many negations', `SELECT ${'NOT '.repeat(5_000)}true`],
    ['chained casts', `SELECT 1${'::int'.repeat(5_000)}`],
  ])('%s: too deep to analyse', (_kind, sql) => {
    expect(classifier.classify(sql)).toEqual({ target: 'primary', reason: 'too deep to analyse', session: 'binds' });
  });

  test('megabytes: too long to analyse', () => {
    const sql = `SELECT '${'x'.repeat(2_000_000)}'`;
    expect(classifier.classify(sql)).toEqual({ target: 'primary', reason: 'too long to analyse', session: 'binds' });
  });

  test.each([
    ['long', `CREATE VIEW v AS SELECT '${'x'.repeat(2_000_000)}'`],
    ['deep', `DROP TABLE t; SELECT 1${' + 1'.repeat(12_000)}`],
  ])('unread and %s, with a word of a definition in it: may have changed what names stand for', (_kind, sql) => {
    expect(classifier.classify(sql)).toMatchObject({ target: 'primary', session: 'binds', ddl: true });
  });

  test('long lists of values are flat, and read', () => {
    const numbers = Array.from({ length: 10_000 }, (_, n) => n).join(', ');
    const strings = Array.from({ length: 2_500 }, (_, n) => `'not in ${n} + (1)'`).join(',');

    const rows = Array.from({ length: 3_000 }, (_, n) => `(${n}, -${n} + 1)`).join(', ');

    expect(classifier.classify(`SELECT a FROM (VALUES ${rows}) AS v (a, b)`)).toEqual(REPLICA);
    expect(classifier.classify(`SELECT a FROM t WHERE b IN (${numbers})`)).toEqual(REPLICA);
    expect(classifier.classify(`SELECT a FROM t WHERE b IN (${strings})`)).toEqual(REPLICA);
  });

  test('the deepest texts that reach the parser do it no harm', () => {
    // Each just short enough not to be measured, which is the deepest that passes.
    const deep = [
      `SELECT 1${'+1'.repeat(2_000)}`,
      `SELECT ${'('.repeat(2_000)}1${')'.repeat(2_000)}`,
      `SELECT ${'- '.repeat(2_000)}1`,
      `SELECT ${'f('.repeat(1_300)}1${')'.repeat(1_300)}`,
      `SELECT ${'(SELECT '.repeat(440)}1${')'.repeat(440)}`,
      `SELECT ${'NOT '.repeat(1_000)}true`,
      `SELECT a${'[1]'.repeat(1_300)}`,
    ];
    for (let round = 0; round < 20; round++) {
      for (const sql of deep) {
        expect(sql.length).toBeLessThanOrEqual(4_096);
        expect(classifier.classify(`${sql} `.padEnd(sql.length + (round % 5), ' ')).reason).not.toBe('not understood');
      }
    }
    expect(classifier.classify('SELECT 1')).toEqual(REPLICA);
  });
});
