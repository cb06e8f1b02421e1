/** docs/adapters.md against what was seen; its links and code, and those of docs/migrate and of two of docs/orms; the steps of a migration, walked. */
import { execFile } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { columns, matrix, PAGE, written } from '../../docs/adapters-matrix';
import { type ConnectOptions, connect, type Decision, type Fleet } from '../../lib';
import { type LocalFleet, startLocalFleet } from '../../local';
import { eventually } from '../support/eventually';

const ROOT = path.join(__dirname, '../..');
const page = readFileSync(PAGE, 'utf8');
const MIGRATE = path.join(ROOT, 'docs/migrate');
const DOCUMENTS = [
  PAGE,
  ...['pg', 'kysely'].map((orm) => path.join(ROOT, `docs/orms/${orm}.md`)),
  ...readdirSync(MIGRATE).map((file) => path.join(MIGRATE, file)),
];

describe('the tables', () => {
  test('are what the tests of the adapters wrote down: npx tsx docs/adapters-matrix.ts', () => {
    expect(page).toBe(written(page));
  });

  test('explain every word in them', () => {
    const cells = matrix(columns())
      .split('\n')
      .slice(2)
      .flatMap((row) => row.split('|').slice(2, -1));
    const words = new Set(cells.map((cell) => cell.trim().slice(2)));
    for (const word of words) expect(page).toContain(`\n| ${word.padEnd(15)} | `);
  });

  test.each(columns())('$label has a line of code and a page', ({ name, label }) => {
    expect(page).toMatch(new RegExp(`^\\| ${label} +\\| \`.*\` +\\| \\[${label}\\]\\(orms/${name}\\.md\\) +\\|$`, 'm'));
  });

  test('go between their marks, and nowhere else', () => {
    expect(() => written('a page without marks')).toThrow('docs/adapters.md has no');
  });
});

describe.each(DOCUMENTS.map((file) => [path.relative(ROOT, file), file]))('%s', (_, file) => {
  test('its links lead somewhere', () => {
    const links = [...readFileSync(file, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => String(link));
    const dead = links.filter((link) => !leads(path.dirname(file), link));
    expect(dead).toEqual([]);
  });
});

function leads(folder: string, link: string): boolean {
  if (/^https?:/.test(link)) return true;
  const [target = '', anchor] = link.split('#');
  const file = path.join(folder, target);
  if (!existsSync(file)) return false;
  return anchor === undefined || anchorsOf(readFileSync(file, 'utf8')).includes(anchor);
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    String(heading)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** What the app has beside the lines that are shown. */
const GLOBALS = `
  type Fleet = import('readfleet').Fleet;
  declare const fleet: Fleet;
  declare const contract: import('readfleet').FleetContract;
  declare const connect: typeof import('readfleet').connect;
  declare const queue: { send(message: unknown): Promise<void> };
  declare const message: { seen: string; order: number };
  declare function handle(order: number): Promise<void>;
  declare const log: { error(error: Error): void };

  interface Database { post: { id: import('kysely').Generated<number>; title: string } }
  declare const db: import('kysely').Kysely<Database>;
  declare const Kysely: typeof import('kysely').Kysely;
  declare const PostgresDialect: typeof import('kysely').PostgresDialect;
  declare const sql: typeof import('kysely').sql;
  declare const kyselyPool: typeof import('readfleet/kysely').kyselyPool;

  declare const DataSource: typeof import('typeorm').DataSource;
  declare class Post {}
  declare const entities: [];
  declare const Sequelize: typeof import('sequelize').Sequelize;
  declare const drizzle: typeof import('drizzle-orm/node-postgres').drizzle;
  declare const schema: {};
  declare class PrismaClient { constructor(options: { adapter: object }) }
  declare const PrismaPg: typeof import('@prisma/adapter-pg').PrismaPg;
  declare const knex: typeof import('knex').default;
  declare const MikroORM: typeof import('@mikro-orm/postgresql').MikroORM;
  declare const PostgreSqlDriver: typeof import('@mikro-orm/postgresql').PostgreSqlDriver;
`;

const ADAPTERS = `
  import { withReplicas as drizzleReplicas } from 'readfleet/drizzle';
  import { knexClient } from 'readfleet/knex';
  import { mikroOrmDriver } from 'readfleet/mikro-orm';
  import { withReplicas as prismaReplicas } from 'readfleet/prisma';
  import { sequelizeOptions } from 'readfleet/sequelize';
  import { typeorm } from 'readfleet/typeorm';
`;

/** The lines of the first table, as a module. */
function wiring(): string {
  const lines = [...page.matchAll(/^\| (\w+) +\| `(.*)` +\| \[/gm)].map(([, label, line]) =>
    String(line).replace('withReplicas', label === 'Prisma' ? 'prismaReplicas' : 'drizzleReplicas'),
  );
  return `${ADAPTERS}${lines.map((line) => `{ ${line}; }`).join('\n')}`;
}

/** Blocks of code, and what a diff comes to. */
function modulesOf(text: string): string[] {
  return [...text.matchAll(/^```(ts|diff)\n(.*?)^```/gms)].map(([, language, block = '']) =>
    language === 'ts'
      ? block
      : block
          .split('\n')
          .filter((line) => !line.startsWith('-'))
          .map((line) => line.slice(1))
          .join('\n'),
  );
}

test('the code compiles: of guides, of pages, and the line of each ORM', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'readfleet-docs-'));
  try {
    const { compilerOptions } = JSON.parse(readFileSync(path.join(ROOT, 'tsconfig.json'), 'utf8'));
    const paths = Object.fromEntries(
      Object.entries<string[]>(compilerOptions.paths).map(([name, [file]]) => [name, [path.join(ROOT, String(file))]]),
    );
    const modules = new Map([['wiring.mts', wiring()]]);
    for (const file of DOCUMENTS) {
      const name = path.relative(ROOT, file).replaceAll(/[/.]/g, '-');
      modulesOf(readFileSync(file, 'utf8')).forEach((text, index) => {
        modules.set(`${name}-${index + 1}.mts`, text);
      });
    }
    const tsconfig = {
      extends: path.join(ROOT, 'tsconfig.json'),
      compilerOptions: {
        paths,
        typeRoots: [path.join(ROOT, 'node_modules/@types')],
        types: ['node'],
        // A line is shown for itself: what it makes need not be used.
        noUnusedLocals: false,
      },
      files: ['globals.d.ts', ...modules.keys()],
    };
    await Promise.all([
      ...[...modules].map(([name, text]) => writeFile(path.join(folder, name), `${text}\nexport {};\n`)),
      writeFile(path.join(folder, 'globals.d.ts'), GLOBALS),
      writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(tsconfig)),
      symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules')),
    ]);
    expect(modules.size).toBeGreaterThan(15);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', folder],
      { cwd: folder },
    ).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 180_000);

describe('the steps of docs/migrate/README.md, on a fleet', () => {
  const READS = 100;
  let local: LocalFleet;
  let fleet: Fleet;

  beforeAll(async () => {
    local = await startLocalFleet({ replicas: ['blue'] });
  });

  afterEach(() => fleet?.close());
  afterAll(() => local?.stop());

  async function at(options: ConnectOptions): Promise<void> {
    let draws = 0;
    fleet = await connect(local.contract, {
      maxStalenessMs: Number.POSITIVE_INFINITY,
      // As chance has it in the long run.
      random: () => (draws++ % READS) / READS,
      ...options,
    });
    await eventually(() => fleet.status().members.every(({ state }) => state.kind === 'serving'));
  }

  /** Where a hundred reads were sent, and why; by the pool that an app has. */
  async function sent(): Promise<Record<string, number>> {
    const seen: Record<string, number> = {};
    const tell = (message: unknown) => {
      const { target, reason } = message as Decision;
      seen[`${target}: ${reason}`] = (seen[`${target}: ${reason}`] ?? 0) + 1;
    };
    subscribe('readfleet:decision', tell);
    try {
      for (let n = 0; n < READS; n += 1) await fleet.pool.query('select 1');
    } finally {
      unsubscribe('readfleet:decision', tell);
    }
    return seen;
  }

  const servedByReplica = () => fleet.status().members.find(({ name }) => name === 'blue')?.reads;

  test('off: the primary answers, and nothing is judged', async () => {
    await at({ readReplicas: false });
    expect(await sent()).toEqual({});
    expect(servedByReplica()).toBe(0);
  });

  test('look: each read is judged, and read from the primary', async () => {
    await at({ endpoints: { '*': { rollout: 0 } } });
    expect(await sent()).toEqual({ 'primary: not in the rollout': READS });
  });

  test('10 %, 100 %, one part off, a step back, all off', async () => {
    await at({ endpoints: { '*': { rollout: 0 } } });
    fleet.flags.rollout('*', 10);
    expect(await sent()).toEqual({ 'replica: replica': 10, 'primary: not in the rollout': 90 });
    fleet.flags.rollout('*', 100);
    expect(await sent()).toEqual({ 'replica: replica': READS });

    fleet.flags.disable('checkout');
    const before = servedByReplica();
    await fleet.query('select 1', [], { endpoint: 'checkout' });
    expect(servedByReplica()).toBe(before);

    fleet.flags.rollout('*', 10);
    expect(await sent()).toEqual({ 'replica: replica': 10, 'primary: not in the rollout': 90 });
    fleet.flags.disableAll();
    expect(await sent()).toEqual({});
  });

  test('all but one part, in the options', async () => {
    await at({ endpoints: { '*': { rollout: 100 }, checkout: { enabled: false } } });
    expect(await sent()).toEqual({ 'replica: replica': READS });
    const before = servedByReplica();
    await fleet.query('select 1', [], { endpoint: 'checkout' });
    expect(servedByReplica()).toBe(before);
  });
});
