/**
 * What classification costs: a known text, a new one by its parts, and loading the parser.
 *
 *   npx tsx bench/classify.ts
 */
import { availableParallelism, loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { parseSync } from 'libpg-query';
import { LRUCache } from 'lru-cache';
import { CORPUS } from '../__tests__/lib/intent/corpus';
import { type Classifier, type Intent, loadClassifier } from '../lib/intent';
import { builtinCatalogue } from '../lib/intent/catalogue';
import { tooDeep } from '../lib/intent/depth';
import { hintIn } from '../lib/intent/hint';
import { Names } from '../lib/intent/names';
import { judgeStatement } from '../lib/intent/statement';
import type { Tree } from '../lib/intent/walk';

const ROUNDS = 15;

/** Statements as applications and their ORMs send them, from short to long. */
const STATEMENTS: Readonly<Record<string, string>> = {
  'by key': 'SELECT id, email, name FROM users WHERE id = $1',
  'ORM find': `SELECT "User"."id" AS "User_id", "User"."email" AS "User_email", "User"."created_at" AS "User_created_at"
    FROM "public"."users" "User" WHERE (("User"."email" = $1)) AND ("User"."deleted_at" IS NULL) LIMIT 1`,
  join: `SELECT o.id, o.total, c.name, count(*) OVER () AS n FROM orders o JOIN customers c ON c.id = o.customer_id
    WHERE o.created_at >= $1 AND o.status IN ($2, $3) ORDER BY o.created_at DESC LIMIT 50`,
  report: `WITH monthly AS (SELECT date_trunc('month', created_at) AS month, sum(total) AS total FROM orders
    WHERE created_at > now() - interval '1 year' GROUP BY 1)
    SELECT month, total, lag(total) OVER (ORDER BY month) AS before, round(100 * total / nullif(lag(total) OVER (ORDER BY month), 0), 1)
    FROM monthly WHERE EXISTS (SELECT FROM orders o WHERE o.status = 'open') ORDER BY month`,
  insert: 'INSERT INTO events (kind, payload) VALUES ($1, $2) RETURNING id',
};

/** What the corpus holds of reads and plain writes: mostly short statements, each of another kind. */
const ORDINARY = CORPUS.filter(({ reason }) => reason === 'reads' || reason === 'writes').map(({ sql }) => sql);

const GOAL_US = 40;

async function main(): Promise<void> {
  const start = performance.now();
  const classifier = await loadClassifier();
  const [load = 0] = loadavg();
  console.log(
    `${availableParallelism()} cores with a load of ${load.toFixed(1)} before this; processor time, which a busy machine still raises`,
  );
  console.log(`load the parser and the built-in catalogue   ${(performance.now() - start).toFixed(1)} ms`);
  console.log(`\nmedian of ${ROUNDS} rounds${' '.repeat(22)}known  rebuilt       new   = parser  + its JSON   + ours`);
  const means: number[] = [];
  for (const [name, sql] of Object.entries(STATEMENTS)) {
    const known = median(() => perCall(200_000, () => classifier.classify(sql)));
    // A query builder makes the same text anew each time, and it has to be hashed and compared.
    const half = sql.length >> 1;
    const [head, tail] = [sql.slice(0, half), sql.slice(half)];
    const rebuilt = median(() => perCall(50_000, () => classifier.classify(head + tail)));
    const parts = partsOf(classifier, [sql], 1_000);
    means.push(parts.fresh);
    console.log(`${`${name} (${sql.length} characters)`.padEnd(36)}${ns(known)} ns ${ns(rebuilt)} ns ${line(parts)}`);
  }
  const corpus = partsOf(classifier, ORDINARY, 1);
  console.log(`${`mean of ${ORDINARY.length} in the corpus`.padEnd(56)}${line(corpus)}`);
  const mean = means.reduce((sum, fresh) => sum + fresh, 0) / means.length;
  for (const [what, fresh] of [
    ['these statements', mean],
    ['the corpus', corpus.fresh],
  ] as const) {
    const verdict = fresh * 1e3 < GOAL_US ? 'kept' : 'missed';
    console.log(`a new text below ${GOAL_US} µs, mean of ${what}: ${verdict} (${(fresh * 1e3).toFixed(1)} µs)`);
  }
  printOurs(classifier);
}

/** Milliseconds per new text: all of it, and what of it is the parser's. */
interface Parts {
  readonly fresh: number;
  readonly parser: number;
  readonly json: number;
}

/** Measured in turns, so that what else the machine does falls on all parts alike. */
function partsOf(classifier: Classifier, texts: readonly string[], repeat: number): Parts {
  const trees = texts.map((sql) => JSON.stringify(parseSync(sql)));
  const samples = { fresh: [] as number[], parsed: [] as number[], json: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    const fresh = perText(newTexts(texts, repeat), (sql) => classifier.classify(sql));
    const parsed = perText(newTexts(texts, repeat), (sql) => parseSync(sql));
    // The parser hands its tree over as JSON: the same text, but for the comment that makes each new.
    const json = perText(newTexts(texts, repeat), (_sql, i) => JSON.parse(trees[i % trees.length] ?? ''));
    // The first round warms the compiler up.
    if (round === 0) continue;
    samples.fresh.push(fresh);
    samples.parsed.push(parsed);
    samples.json.push(json);
  }
  const json = middle(samples.json);
  return { fresh: middle(samples.fresh), parser: middle(samples.parsed) - json, json };
}

/** What we add to the parser, by part, over the corpus. */
function printOurs(classifier: Classifier): void {
  const names = new Names(builtinCatalogue(), () => undefined);
  const trees = ORDINARY.map((sql) => (parseSync(sql).stmts ?? []).map(({ stmt }) => stmt as Tree));
  const memory = new LRUCache<string, Intent>({
    max: 5_000,
    maxSize: 5e6,
    sizeCalculation: (_, sql) => sql.length + 1,
  });
  const intent = classifier.classify('SELECT 1');
  const ours: Readonly<Record<string, (sql: string, i: number) => unknown>> = {
    'is it too long or too deep': (sql) => tooDeep(sql),
    'walk over a warm tree': (_, i) => trees[i % trees.length]?.map((tree) => judgeStatement(tree, names)),
    'look for a hint': (sql) => hintIn(sql),
    'look up and remember': (sql) => memory.get(sql) ?? memory.set(sql, intent),
  };
  console.log('\nwhat is ours, mean of the corpus');
  for (const [name, call] of Object.entries(ours)) {
    const cost = median(() => perText(newTexts(ORDINARY, 4), call));
    console.log(`  ${name.padEnd(54)}${us(cost)} µs`);
  }
}

let counter = 0;

/** Texts that no cache has seen. Made beforehand, as an application has made them. */
function newTexts(texts: readonly string[], repeat: number): readonly string[] {
  const made: string[] = [];
  for (let i = 0; i < repeat; i++) for (const sql of texts) made.push(`${sql} /*${counter++}*/`);
  return made;
}

/** Milliseconds of processor time so far, of all threads: what others do on the machine shows least in it. */
function worked(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

/** Milliseconds per text. */
function perText(texts: readonly string[], call: (sql: string, i: number) => unknown): number {
  const start = worked();
  texts.forEach(call);
  return (worked() - start) / texts.length;
}

/** Milliseconds per call. */
function perCall(calls: number, call: (i: number) => unknown): number {
  const start = worked();
  for (let i = 0; i < calls; i++) call(i);
  return (worked() - start) / calls;
}

function median(measure: () => number): number {
  measure(); // Warms the compiler up.
  return middle(Array.from({ length: ROUNDS }, measure));
}

function middle(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
}

function line({ fresh, parser, json }: Parts): string {
  return `${us(fresh)} µs ${us(parser)} µs ${us(json)} µs ${us(fresh - parser - json)} µs`;
}

function ns(ms: number): string {
  return (ms * 1e6).toFixed(0).padStart(6);
}

function us(ms: number): string {
  return (ms * 1e3).toFixed(1).padStart(8);
}

void main();
