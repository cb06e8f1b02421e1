import fc from 'fast-check';
import { type Classifier, type Intent, loadClassifier } from '../../../lib/intent';
import { CORPUS } from './corpus';

let classifier: Classifier;

beforeAll(async () => {
  classifier = await loadClassifier();
});

/** A hint is of the whole text, wherever it stands. */
const HINT = /readfleet/;

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

/** What can be parsed, and so stands on its own beside others. */
const readable = single.filter(({ reason, sql }) => reason !== 'not understood' && !HINT.test(sql));

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
  const unhinted = single.filter(({ sql }) => !HINT.test(sql));
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...unhinted), { minLength: 1, maxLength: 4 }), (statements) => {
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

test('a hint in one of several statements speaks for all of them, but makes no write and no lock a read', () => {
  const statement = fc.oneof(query, locking, modifying).filter((sql) => !HINT.test(sql));
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 3 }), fc.array(statement, { maxLength: 3 }), (before, after) => {
      const text = (hinted: string) => [...before, hinted, ...after].join(';\n');
      const together = classifier.classify(text('SELECT 1::no_such /* readfleet: replica */')).target;
      expect(together).toBe(classifier.classify(text('SELECT 1')).target);
      expect(classifier.classify(text('SELECT 1::no_such')).target).toBe('primary');
      expect(classifier.classify(text('SELECT 1 /* readfleet: primary */')).target).toBe('primary');
    }),
  );
});

test('a text of several statements leaves something in the session if one of them does, and then it binds', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...readable), { minLength: 2, maxLength: 5 }), (statements) => {
      const effects = statements.map(({ sql }) => classifier.classify(sql).session);
      const together = classifier.classify(statements.map(({ sql }) => `${sql}\n;`).join(''));
      expect(together.session).toBe(effects.some((effect) => effect !== undefined) ? 'binds' : undefined);
    }),
  );
});

test('a text of several statements may redefine names if one of them may', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...readable), { minLength: 1, maxLength: 5 }), (statements) => {
      const any = statements.some(({ sql }) => classifier.classify(sql).ddl);
      const together = classifier.classify(statements.map(({ sql }) => `${sql}\n;`).join(''));
      expect(together.ddl === true).toBe(any);
    }),
  );
});

test('empty statements around a statement change nothing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...readable), fc.nat(3), fc.nat(3), ({ sql }, before, after) => {
      expect(classifier.classify(`${'; '.repeat(before)}${sql}\n${' ;'.repeat(after)}`)).toEqual(
        classifier.classify(sql),
      );
    }),
  );
});

test('comments and white space around a statement change nothing of what it leaves behind', () => {
  fc.assert(
    fc.property(fc.constantFrom(...readable), blanks, blanks, ({ sql }, before, after) => {
      expect(classifier.classify(`${before}${sql}\n${after}`)).toEqual(classifier.classify(sql));
    }),
  );
});

const binding = fc.constantFrom(
  `set_config('a.b', '1', false)`,
  'pg_advisory_lock(1)',
  `nextval('counter')`,
  'no_such(1)',
  'pg_temp.f()',
  '1 <!> 2',
  `'x'::no_such`,
);

test('what binds a session does so at any depth, beside a lock or a write too', () => {
  fc.assert(
    fc.property(binding, wrapping, fc.constantFrom('', ' FOR UPDATE', ' FOR SHARE'), (expression, around, lock) => {
      const sql = wrap(`SELECT ${expression} FROM users${lock}`, around);
      expect(classifier.classify(sql)).toMatchObject({ target: 'primary', session: 'binds' });
      const writing = `WITH written AS (DELETE FROM users RETURNING id) SELECT * FROM written, (${sql}) s`;
      expect(classifier.classify(writing)).toMatchObject({ target: 'primary', session: 'binds' });
    }),
  );
});

test('a hint for the primary keeps what a statement leaves behind, but a transaction for a standby', () => {
  fc.assert(
    fc.property(fc.constantFrom(...readable), ({ sql }) => {
      const { session, ddl } = classifier.classify(sql);
      const hinted = classifier.classify(`/* readfleet: primary */ ${sql}`);
      const kept = session === 'begin read only' ? 'begin' : session;
      expect(hinted).toEqual({
        target: 'primary',
        reason: 'hint',
        ...(kept && { session: kept }),
        ...(ddl && { ddl }),
      });
    }),
  );
});

describe('whatever the text', () => {
  const anything = fc.oneof(
    fc.string(),
    sqlSoup(),
    fc.constantFrom(...CORPUS).map(({ sql }) => sql),
    fc.tuple(fc.constantFrom(...CORPUS), fc.constantFrom(...CORPUS)).map(([a, b]) => `${a.sql};${b.sql}`),
    fc.tuple(fc.constantFrom(...CORPUS), fc.nat(40)).map(([{ sql }, cut]) => sql.slice(cut)),
    fc.constantFrom(...CORPUS).map(({ sql }) => `/* readfleet: replica */ ${sql}`),
  );

  test.each<[string, (intent: Intent) => void]>([
    [
      'what runs on a replica leaves nothing behind and defines nothing',
      ({ target, session, ddl }) => {
        if (target === 'replica') expect({ session, ddl }).toEqual({});
      },
    ],
    [
      'what is not understood may be anything, or is nothing',
      ({ reason, session, ddl }) => {
        if (reason === 'not understood') expect([undefined, 'binds']).toContain(session);
        if (reason === 'not understood') expect(ddl === true).toBe(session === 'binds');
      },
    ],
    [
      'an answer cannot be changed by who got it',
      (intent) => {
        expect(Object.isFrozen(intent)).toBe(true);
      },
    ],
  ])('%s', (_law, holds) => {
    fc.assert(
      fc.property(anything, (sql) => holds(classifier.classify(sql))),
      { numRuns: 1_000 },
    );
  });
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
