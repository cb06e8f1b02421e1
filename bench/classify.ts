/**
 * What classification costs: a known text, a new one, and loading the parser.
 *
 *   npx tsx bench/classify.ts
 */
import { performance } from 'node:perf_hooks';
import { parseSync } from 'libpg-query';
import { loadClassifier } from '../lib/intent';

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

async function main(): Promise<void> {
  const start = performance.now();
  const classifier = await loadClassifier();
  console.log(`load the parser and the built-in catalogue   ${(performance.now() - start).toFixed(1)} ms`);
  console.log(`median of ${ROUNDS} rounds${' '.repeat(22)}known  rebuilt       new  (parser of it)`);
  for (const [name, sql] of Object.entries(STATEMENTS)) {
    const known = median(() => perCall(200_000, () => classifier.classify(sql)));
    // A query builder makes the same text anew each time, and it has to be hashed and compared.
    const half = sql.length >> 1;
    const [head, tail] = [sql.slice(0, half), sql.slice(half)];
    const rebuilt = median(() => perCall(50_000, () => classifier.classify(head + tail)));
    const fresh = median(() => perCall(2_000, (i) => classifier.classify(`${sql} /*${unique(i)}*/`)));
    const parser = median(() => perCall(2_000, (i) => parseSync(`${sql} /*${unique(i)}*/`)));
    const size = `${name} (${sql.length} characters)`;
    console.log(
      `${size.padEnd(36)}${ns(known * 1e6)} ns ${ns(rebuilt * 1e6)} ns ${us(fresh * 1e3)} µs ${us(parser * 1e3)} µs`,
    );
  }
}

let counter = 0;

/** A text that no cache has seen. */
function unique(i: number): string {
  counter += 1;
  return `${counter}.${i}`;
}

/** Milliseconds per call. */
function perCall(calls: number, call: (i: number) => unknown): number {
  const start = performance.now();
  for (let i = 0; i < calls; i++) call(i);
  return (performance.now() - start) / calls;
}

function median(measure: () => number): number {
  measure(); // Warms the compiler up.
  const rounds = Array.from({ length: ROUNDS }, measure).sort((a, b) => a - b);
  return rounds[Math.floor(ROUNDS / 2)] ?? Number.NaN;
}

function ns(value: number): string {
  return value.toFixed(0).padStart(6);
}

function us(value: number): string {
  return value.toFixed(1).padStart(8);
}

void main();
