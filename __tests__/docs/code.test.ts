/** The code of pages is type-checked as it stands there, by the rules of this project: one program for all of them. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { preambleOf } from './code-preambles';

const ROOT = path.join(__dirname, '../..');
const ADAPTERS = 'docs/adapters.md';

/** Pages whose blocks are compiled one by one. docs/repository.md is one program, which repository.test.ts compiles and runs. */
const PAGES = [
  ADAPTERS,
  ...['testing', 'web', 'batch', 'paging', 'configuration'].map((page) => `docs/${page}.md`),
  ...inFolder('docs/orms'),
  ...inFolder('docs/migrate'),
];

function inFolder(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${folder}/${file}`);
}

function textOf(page: string): string {
  return readFileSync(path.join(ROOT, page), 'utf8');
}

const IMPORTS = `
  import { withReplicas as drizzleReplicas } from 'readfleet/drizzle';
  import { knexClient } from 'readfleet/knex';
  import { mikroOrmDriver } from 'readfleet/mikro-orm';
  import { withReplicas as prismaReplicas } from 'readfleet/prisma';
  import { sequelizeOptions } from 'readfleet/sequelize';
  import { typeorm } from 'readfleet/typeorm';
`;

/** The lines of the first table of docs/adapters.md, as a block. */
function wiring(): string {
  const lines = [...textOf(ADAPTERS).matchAll(/^\| (\w+) +\| `(.*)` +\| \[/gm)].map(([, label, line]) =>
    String(line).replace('withReplicas', label === 'Prisma' ? 'prismaReplicas' : 'drizzleReplicas'),
  );
  return `${IMPORTS}${lines.map((line) => `{ ${line}; }`).join('\n')}`;
}

/** Blocks of code, and what a diff comes to. */
function blocksOf(text: string): string[] {
  return [...text.matchAll(/^```(ts|js|diff)\n(.*?)^```/gms)].map(([, language, block = '']) => {
    if (language !== 'diff') return block;
    const lines = block.split('\n').filter((line) => !line.startsWith('-'));
    const code = lines.map((line) => line.slice(1)).join('\n');
    // What is indented from its first line on stands in an object of options.
    return code.startsWith('  ') ? `export const options = {\n${code}};\n` : code;
  });
}

function moduleOf(page: string, code: string): string {
  // What an app imports from files of its own is declared instead.
  const text = code.replaceAll(/^import .* from '\.\.?\/.*';$/gm, '');
  // In one line with the first, so that errors name the lines of the block.
  return `${preambleOf(page, text)} ${text}\nexport {};\n`;
}

test('every block compiles, and so does the line of each ORM in docs/adapters.md', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'readfleet-docs-'));
  try {
    const { compilerOptions } = JSON.parse(readFileSync(path.join(ROOT, 'tsconfig.json'), 'utf8'));
    const paths = Object.fromEntries(
      Object.entries<string[]>(compilerOptions.paths).map(([name, [file]]) => [name, [path.join(ROOT, String(file))]]),
    );
    const modules = new Map([['wiring.mts', moduleOf(ADAPTERS, wiring())]]);
    for (const page of PAGES) {
      blocksOf(textOf(page)).forEach((code, index) => {
        modules.set(`${page.replaceAll(/[/.]/g, '-')}-${index + 1}.mts`, moduleOf(page, code));
      });
    }
    expect(modules.size).toBeGreaterThan(70);

    const tsconfig = {
      extends: path.join(ROOT, 'tsconfig.json'),
      compilerOptions: {
        paths,
        typeRoots: [path.join(ROOT, 'node_modules/@types')],
        types: ['node', 'jest'],
        // A line is shown for itself: what it makes need not be used.
        noUnusedLocals: false,
      },
      files: [...modules.keys()],
    };
    await Promise.all([
      ...[...modules].map(([name, text]) => writeFile(path.join(folder, name), text)),
      writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(tsconfig)),
      symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules')),
    ]);
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
