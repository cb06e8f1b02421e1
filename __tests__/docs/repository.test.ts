/** The example of docs/repository.md, as it stands there: compiled, and run on a fleet. And the tables, held against the code. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Repository, Service } from '../../data/repository';
import { Fleet } from '../../lib/fleet';
import { type LocalFleet, startLocalFleet } from '../../local';
import { tableRows } from './table';

const ROOT = path.join(__dirname, '../..');
const text = readFileSync(path.join(ROOT, 'docs/repository.md'), 'utf8');

function blocks(language: string): string {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))]
    .map(([, block]) => block)
    .join('\n');
}

/** What a tsconfig for the example says: the package's names, and the rules of this project. */
const TSCONFIG = {
  extends: path.join(ROOT, 'tsconfig.json'),
  compilerOptions: {
    typeRoots: [path.join(ROOT, 'node_modules/@types')],
    types: ['node'],
    paths: {
      readfleet: [path.join(ROOT, 'lib/index.ts')],
      'readfleet/repository': [path.join(ROOT, 'data/repository/index.ts')],
    },
  },
  files: ['example.mts'],
};

describe('the example', () => {
  let folder: string;
  let local: LocalFleet;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'readfleet-docs-'));
    local = await startLocalFleet({ replicas: ['blue'] });
    await Promise.all([
      writeFile(path.join(folder, 'example.mts'), blocks('ts')),
      writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG)),
      writeFile(path.join(folder, 'contract.json'), JSON.stringify(local.contract)),
      symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules')),
    ]);
  });

  afterAll(async () => {
    await local?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function node(script: string, ...args: string[]): Promise<{ stdout: string }> {
    return promisify(execFile)(process.execPath, [path.join(ROOT, 'node_modules', script), ...args], { cwd: folder });
  }

  test('compiles', async () => {
    const { stdout } = await node('typescript/bin/tsc', '--noEmit', '-p', '.').catch(
      (error) => error as { stdout: string },
    );
    expect(stdout).toBe('');
  });

  test('runs, and does what it says', async () => {
    await local.primary.query(blocks('sql'));
    const { stdout } = await node('tsx/dist/cli.mjs', '--tsconfig', 'tsconfig.json', 'example.mts');
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^public\.orders: a row was expected at version 1 and is at 2: somebody else changed it/),
      'bob 1',
    ]);
    expect(
      await local.primary.query(
        'select customer, status, version, array_agg(article order by place) as articles from orders left join order_lines on order_id = id group by id order by id',
      ),
    ).toEqual([
      { customer: 'ada', status: 'paid', version: 2, articles: ['pen', 'ink'] },
      { customer: 'bob', status: 'open', version: 1, articles: [null] },
    ]);
  });
});

/** The names in the code of a cell. */
function names(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]*)`/g)].map(([, code = '']) => code);
}

test('every method stands in the table, and there is no other', () => {
  const methods = tableRows(text, 'What each method does').map(([call]) => names(call)[0]?.split('(')[0]);
  const made = Object.getOwnPropertyNames(Repository.prototype);
  expect(made).toEqual(expect.arrayContaining(methods));
  const inner = ['constructor', 'current', 'read', 'write', 'assertPrimary'];
  expect([...methods, ...inner].sort()).toEqual(made.sort());
});

test('every code of an error stands in the table, and there is no other', () => {
  const folder = path.join(ROOT, 'data/repository');
  const sources = ['definition', 'errors', 'repository', 'statements', 'service'].map((name) =>
    readFileSync(path.join(folder, `${name}.ts`), 'utf8'),
  );
  const codes = new Set([...sources.join('\n').matchAll(/'(READFLEET_\w+)'/g)].map(([, code]) => code));
  expect(
    tableRows(text, 'Errors')
      .flatMap(([code]) => names(code))
      .sort(),
  ).toEqual([...codes].sort());
});

test('what the table of old names leads to is there', () => {
  const rows = tableRows(text, 'Coming from a hand-made split');
  const here = rows.flatMap(([, cell]) => names(cell));
  const ofFleet = here.flatMap((code) => /^(?:this\.)?fleet\.(\w+)/.exec(code)?.[1] ?? []);
  // Pools are fields, so an instance alone has them.
  const pools = ['writePool', 'readPool'];
  expect(ofFleet.length).toBeGreaterThan(8);
  for (const name of ofFleet) expect([...Object.getOwnPropertyNames(Fleet.prototype), ...pools]).toContain(name);
  for (const name of ['insert', 'update', 'delete', 'findById', 'findMany', 'findAll', 'findByIdCritical'])
    expect([
      rows.some(([there]) => names(there).some((code) => code.startsWith(name))),
      name in Repository.prototype,
    ]).toEqual([true, true]);
  for (const name of ['transaction', 'session', 'criticalRead']) expect(name in Service.prototype).toBe(true);
});
