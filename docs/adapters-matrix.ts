/**
 * Writes the tables of docs/adapters.md from what the tests of the adapters saw (docs/figures/adapters): `npx tsx docs/adapters-matrix.ts`
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Column } from '../__tests__/adapters/matrix/record';
import { SCENARIOS } from '../__tests__/adapters/matrix/scenarios';

export const PAGE = path.join(__dirname, 'adapters.md');
const FIGURES = path.join(__dirname, 'figures', 'adapters');

/** From left to right; what is not here follows by its name. */
const ORDER = ['pg', 'typeorm', 'prisma', 'drizzle', 'kysely', 'sequelize', 'knex', 'mikro-orm'];

/** Rows in two or three words: the whole scenario stands in the list below the table. */
const SHORT: Readonly<Record<string, string>> = {
  'a create runs on the primary': 'create',
  'a select runs on a replica': 'select',
  'a write within a CTE runs on the primary': 'write in a CTE',
  'a locking read runs on the primary': 'locking read',
  '`nextval` runs on the primary': '`nextval`',
  'a transaction stays together, and finds what it wrote': 'transaction',
  'a transaction that throws leaves nothing': 'rollback',
  'a session reads its own write, though replay stands still': 'read own write',
  'replicas past the bound of staleness are not read': 'bound of staleness',
  'a replica is killed: every read is answered': 'replica killed',
  'the killed replica is back: it is read again': 'replica back',
  'a replica is frozen: every read is answered': 'replica frozen',
  'all replicas are gone: the primary answers': 'all replicas gone',
  'boots while a replica is down': 'boot, one down',
  'a read that replay cancels is asked again elsewhere': 'cancelled by replay',
  'switched off: everything runs on the primary, and back': 'off switch',
};

/** What was seen, in a word. */
const WORDS: Readonly<Record<string, string>> = {
  yes: '✓',
  'refused by the replica': 'refused',
  'replica, silently': 'silent',
  'reads escape': 'escapes',
  'process ends': 'exits',
  'does not boot': 'no boot',
};

export type Named = Column & { readonly name: string };

/** Every ORM of which something was written down. @throws where one was not seen on a fleet with both versions */
export function columns(): readonly Named[] {
  const names = readdirSync(FIGURES).map((file) => path.basename(file, '.json'));
  const place = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  names.sort((one, other) => place(one) - place(other) || one.localeCompare(other));
  return names.map((name) => {
    const column = JSON.parse(readFileSync(path.join(FIGURES, `${name}.json`), 'utf8')) as Column;
    if (!column.label || !column.highest || !column.lowest) {
      throw new Error(
        `${name}.json lacks a label or a version. READFLEET_WRITE_MATRIX=1 npx jest __tests__/adapters/${name}.test.ts`,
      );
    }
    return { name, ...column };
  });
}

/** Scenario × ORM. On a fleet each is right, or its test fails: so the sign before the word is the same everywhere. */
export function matrix(all: readonly Named[]): string {
  const rows = SCENARIOS.map(({ name }) => [short(name), ...all.map(({ cells }) => `✓ ${wordOf(cells?.[name])}`)]);
  return table(['', ...all.map(({ label, name }) => label ?? name)], rows);
}

/** What was tested, and what it was held against. */
export function versions(all: readonly Named[]): string {
  const rows = all.map(({ label, name, lowest, highest, own }) => [
    label ?? name,
    lowest === highest ? `${highest}` : `${lowest} – ${highest}`,
    own ? `${own.label} ${own.version}` : 'none: it has no replication of its own',
  ]);
  return table(['', 'on a fleet', 'the second sign: its own replication'], rows);
}

/** What each row is. */
export function legend(): string {
  return SCENARIOS.map(({ name }) => `- **${short(name)}**: ${name}`).join('\n');
}

/** The text of the page, with its tables as they are now. */
export function written(text: string, all: readonly Named[] = columns()): string {
  const blocks: Readonly<Record<string, string>> = {
    matrix: matrix(all),
    versions: versions(all),
    scenarios: legend(),
  };
  return Object.entries(blocks).reduce((page, [block, content]) => {
    const [begin, end] = [`<!-- ${block}: docs/adapters-matrix.ts -->`, `<!-- end of ${block} -->`];
    const [from, to] = [page.indexOf(begin), page.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/adapters.md has no "${begin}" … "${end}".`);
    return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`;
  }, text);
}

function short(name: string): string {
  const words = SHORT[name];
  if (words === undefined) throw new Error(`docs/adapters-matrix.ts has no short name for the scenario "${name}".`);
  return words;
}

function wordOf(saw: string | undefined): string {
  return saw === undefined ? '–' : (WORDS[saw] ?? saw);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

if (require.main === module) writeFileSync(PAGE, written(readFileSync(PAGE, 'utf8')));
