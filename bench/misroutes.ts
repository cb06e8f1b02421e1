/**
 * Where routers send statements that look like reads and are none: `npx tsx bench/misroutes.ts`.
 *
 * Each statement goes once through the interface by which a router chooses a server itself, on a primary with one replica. Who got it is read
 * from the servers' logs: a statement that asked for it would be another one. A standby refuses most of them; an advisory lock it grants,
 * though nobody on the primary sees that lock.
 *
 *   --candidates readfleet,drizzle,typeorm,sequelize,kysely
 *   --write      writes docs/figures also after a run with arguments; one without any writes them always
 */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type LocalFleet, type LocalMember, startLocalFleet } from '../local';
import { candidateOf, installPeers, prepare, ROUTERS, targetOf } from './candidates';
import { machine, peerVersion, writeFigure } from './figures';
import { codeOf } from './load';
import { STATEMENT_KINDS, type StatementKind, TEXTS } from './peers/peer';
import { aligned, markdown, type Table } from './table';

const ALL = ROUTERS.filter((name) => name !== 'raw' && name !== 'kysely-plain');

const { values: args } = parseArgs({
  options: { candidates: { type: 'string', default: ALL.join(',') }, write: { type: 'boolean', default: false } },
});

async function main(): Promise<void> {
  installPeers();
  const local = await startLocalFleet({ replicas: 1, parameters: { log_statement: 'all' } });
  try {
    await prepare(local);
    const columns: Column[] = [];
    for (const name of args.candidates.split(',')) columns.push(await askAll(name, local));
    const table = tableOf(columns);
    console.log(aligned(table));
    if (args.write || process.argv.length === 2) report(table, local.version);
  } finally {
    await local.stop();
  }
}

interface Column {
  readonly label: string;
  readonly cells: readonly string[];
  readonly wrong: number;
}

async function askAll(name: string, local: LocalFleet): Promise<Column> {
  const { label, open } = candidateOf(name);
  const router = await open(targetOf(local, { poolMax: 5, connectTimeoutMs: 5_000, idleTimeoutMs: 0 }));
  try {
    const cells: string[] = [];
    let wrong = 0;
    for (const kind of STATEMENT_KINDS) {
      const begins = local.members.map((member) => statSync(logOf(member)).size);
      const error = await (router.statements?.[kind]() ?? Promise.reject(new Error('nothing is routed'))).then(
        () => undefined,
        (failure: unknown) => codeOf(failure),
      );
      const got = local.members.filter((member, index) => logged(member, begins[index] ?? 0, MARKS[kind]));
      const { cell, right } = judged(kind, new Set(got.map(({ role }) => role)), error);
      cells.push(cell);
      if (!right) wrong += 1;
    }
    return { label, cells, wrong };
  } finally {
    // With it go the locks that its connections hold, which would keep the next candidate waiting.
    await router.close();
  }
}

/** What stands in no other statement, however a query builder writes it. */
const MARKS: Readonly<Record<StatementKind, RegExp>> = {
  'plain read': /from "?note/i,
  'write CTE': /insert into "?visit/i,
  'FOR UPDATE': /for update/i,
  nextval: /nextval\('ticket'\)/,
  'advisory lock': /pg_advisory_lock\(1\)/,
  'writing function': /record_visit\(\)/,
};

function logOf({ dataDir }: LocalMember): string {
  return path.join(dataDir, 'server.log');
}

/** Whether a server was asked to run it since its log was `begin` bytes long: it writes that down before it does it, or when it refuses. */
function logged(member: LocalMember, begin: number, mark: RegExp): boolean {
  const lines = readFileSync(logOf(member)).subarray(begin).toString('utf8').split('\n');
  return lines.some((line) => / (LOG: {2}(statement|execute [^:]*)|STATEMENT): /.test(line) && mark.test(line));
}

function judged(kind: StatementKind, got: ReadonlySet<string>, error: string | undefined) {
  const where = got.has('replica') ? (got.has('primary') ? 'replica, then primary' : 'replica') : 'primary';
  if (got.size === 0) return { cell: `nowhere: ${error}`, right: false };
  if (error !== undefined) return { cell: `${where}, fails: ${error}`, right: false };
  const right = where === (kind === 'plain read' ? 'replica' : 'primary');
  return { cell: right || got.size > 1 ? where : `${where}, silently`, right };
}

function tableOf(columns: readonly Column[]): Table {
  const labels = columns.map(({ label }) => label);
  return {
    header: ['statement', ...labels],
    words: labels,
    rows: [
      ...STATEMENT_KINDS.map((kind, row) => [kind, ...columns.map(({ cells }) => cells[row] ?? '')]),
      ['wrong or failed', ...columns.map(({ wrong }) => `${wrong} of ${STATEMENT_KINDS.length}`)],
    ],
  };
}

function report(table: Table, version: string): void {
  const peers = ['drizzle-orm', 'typeorm', 'sequelize', 'kysely-replication'].map(
    (name) => `${name} ${peerVersion(name)}`,
  );
  writeFigure({
    name: 'misroutes',
    title: 'Statements that look like reads and are none',
    command: 'npx tsx bench/misroutes.ts',
    sections: [
      `${machine(version)} The peers: ${peers.join(', ')}.`,
      'Each goes once through the interface by which a router chooses a server itself, outside a transaction: the query builders of Drizzle, ' +
        'kysely and TypeORM, `findOne({ lock })` and `query({ type: SELECT })` of Sequelize, `fleet.query` of readfleet. A plain read belongs on ' +
        'the replica, all else on the primary. "Silently" means that a server executed it which should not have; 25006 is what a standby says ' +
        'to a write.',
      markdown(table),
      'The statements, as text:',
      `\`\`\`sql\n${STATEMENT_KINDS.map((kind) => `${TEXTS[kind]};`).join('\n')}\n\`\`\``,
      '`record_visit()` is a volatile function in SQL that inserts a row.',
    ],
  });
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
