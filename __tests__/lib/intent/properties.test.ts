import fc from 'fast-check';
import { type Classifier, loadClassifier } from '../../../lib/intent';
import { CORPUS } from './corpus';

let classifier: Classifier;

beforeAll(async () => {
  classifier = await loadClassifier();
});

const single = CORPUS.filter(({ subject }) => !subject.startsWith('several'));
const reads = single.filter(({ reason, sql }) => reason === 'reads' && !sql.includes(';'));
/** Reads that may stand in brackets. */
const queries = reads
  .map(({ sql }) => sql)
  .filter((sql) => /^(SELECT|VALUES|TABLE|WITH)\b/.test(sql) && !sql.includes('--'));
/** Without strings, names or bodies whose case means something. */
const caseless = queries.filter((sql) => !/['"$]/.test(sql));
/** Without the keywords of two words that libpg-query does not find when a comment stands between (to the primary, then). */
const separable = caseless.filter((sql) => !/\b(NOT|NULLS|WITH)\b/.test(sql));

const query = fc.constantFrom(...queries);
const blank = fc.constantFrom(
  ' ',
  '\n',
  '\t ',
  '\r\n',
  '/* x */',
  '/* FOR UPDATE; */',
  '-- nextval(\n',
  '/* \' /* " */ */',
);
const blanks = fc.array(blank, { maxLength: 4 }).map((parts) => parts.join(''));

/** Ways to put one query inside of another, at any depth. */
const wrappers: readonly ((inner: string) => string)[] = [
  (inner) => `(${inner})`,
  (inner) => `SELECT * FROM (${inner}) AS wrapped`,
  (inner) => `WITH wrapped AS (${inner}) SELECT * FROM wrapped`,
  (inner) => `SELECT 1 WHERE EXISTS (${inner})`,
  (inner) => `SELECT (${inner})`,
  (inner) => `SELECT 1 UNION ALL (${inner})`,
  (inner) => `(${inner}) EXCEPT SELECT 1`,
  (inner) => `SELECT CASE WHEN true THEN ARRAY(${inner}) END`,
  (inner) => `SELECT sum(1) OVER (ORDER BY (${inner}))`,
  (inner) => `SELECT * FROM users u LEFT JOIN LATERAL (${inner}) l ON true`,
  (inner) => `SELECT 1 ORDER BY (${inner}) LIMIT (${inner})`,
  (inner) => `SELECT JSON_ARRAY(${inner})`,
  (inner) => `VALUES (1, (${inner}))`,
  (inner) => `SELECT count(*) FILTER (WHERE id IN (${inner})) FROM users GROUP BY ROLLUP ((${inner}))`,
  (inner) => `EXPLAIN ${inner}`,
];
const wrapping = fc.array(fc.constantFrom(...wrappers.slice(0, -1)), { maxLength: 5 });

function wrap(inner: string, around: readonly ((inner: string) => string)[]): string {
  return around.reduce((sql, wrapper) => wrapper(sql), inner);
}

const locking = fc.constantFrom(
  'SELECT * FROM users FOR UPDATE',
  'SELECT * FROM users FOR NO KEY UPDATE SKIP LOCKED',
  'SELECT * FROM users FOR SHARE NOWAIT',
  'TABLE users FOR KEY SHARE',
);
const modifying = fc.constantFrom(
  'WITH changed AS (INSERT INTO users VALUES (1) RETURNING *) SELECT * FROM changed',
  'WITH changed AS (UPDATE users SET id = 2 RETURNING *) SELECT * FROM changed',
  'WITH changed AS (DELETE FROM users) SELECT 1',
  'WITH changed AS (MERGE INTO users u USING orders o ON true WHEN MATCHED THEN DELETE RETURNING 1) TABLE changed',
);

test('comments and white space around a statement change nothing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...single), blanks, blanks, ({ sql }, before, after) => {
      // A NUL or an unclosed comment or string swallows what follows; what cannot be read stays unreadable.
      expect(classifier.classify(`${before}${sql}\n${after}`).target).toBe(classifier.classify(sql).target);
    }),
  );
});

test('white space and comments between words change nothing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...separable), blanks, (sql, between) => {
      expect(classifier.classify(sql.replaceAll(' ', ` ${between} `))).toEqual(classifier.classify(sql));
    }),
  );
});

test('the case of keywords and names changes nothing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...caseless), fc.array(fc.boolean(), { minLength: 1 }), (sql, upper) => {
      const mixed = [...sql]
        .map((char, i) => (upper[i % upper.length] ? char.toUpperCase() : char.toLowerCase()))
        .join('');
      expect(classifier.classify(mixed)).toEqual(classifier.classify(sql));
    }),
  );
});

test('a read inside of reads is a read, however deep', () => {
  fc.assert(
    fc.property(query, wrapping, (inner, around) => {
      expect(classifier.classify(wrap(inner, around))).toEqual({ target: 'replica', reason: 'reads' });
    }),
  );
});

test('a row lock goes to the primary at any depth', () => {
  fc.assert(
    fc.property(locking, wrapping, fc.boolean(), (inner, around, explain) => {
      const sql = `${explain ? 'EXPLAIN ' : ''}${wrap(inner, around)}`;
      expect(classifier.classify(sql)).toEqual({ target: 'primary', reason: 'locks rows' });
    }),
  );
});

test('a data-modifying CTE goes to the primary at any depth', () => {
  fc.assert(
    fc.property(modifying, wrapping, (inner, around) => {
      expect(classifier.classify(wrap(inner, around))).toEqual({ target: 'primary', reason: 'writes' });
    }),
  );
});

test('no hint makes a row lock or a write a read', () => {
  fc.assert(
    fc.property(fc.oneof(locking, modifying), wrapping, (inner, around) => {
      expect(classifier.classify(`/* readfleet: replica */ ${wrap(inner, around)}`).target).toBe('primary');
    }),
  );
});

test('several statements may run on a replica only if each of them may', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...single), { minLength: 1, maxLength: 4 }), (statements) => {
      const readable = statements.filter(({ sql }) => classifier.classify(sql).target === 'replica');
      const together = classifier.classify(statements.map(({ sql }) => `${sql}\n;`).join(''));
      if (readable.length < statements.length) {
        // Blank statements are none, and so spoil nothing.
        const spoiled = statements.some(({ sql, reason }) => reason !== 'reads' && !isBlank(sql));
        if (spoiled) expect(together.target).toBe('primary');
      } else expect(together).toEqual({ target: 'replica', reason: 'reads' });
    }),
  );
});

function isBlank(sql: string): boolean {
  return /^(\s|;|--.*|\/\*.*\*\/)*$/.test(sql);
}

test('any text at all gets an answer, and no text an exception', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), sqlSoup()), (sql) => {
      const { target, reason } = classifier.classify(sql);
      expect(['primary', 'replica']).toContain(target);
      expect(reason).not.toBe('');
    }),
    { numRuns: 2_000 },
  );
});

/** Words of SQL in no order: more of it parses, or nearly, than of random characters. */
function sqlSoup(): fc.Arbitrary<string> {
  const word = fc.constantFrom(
    ...'SELECT FROM WHERE ( ) , ; * 1 \'x\' "y" $1 $$ -- /* */ FOR UPDATE WITH AS users INSERT INTO VALUES :: . :'.split(
      ' ',
    ),
  );
  return fc.array(word, { maxLength: 20 }).map((words) => words.join(' '));
}
