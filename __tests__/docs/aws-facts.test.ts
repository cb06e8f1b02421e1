import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const document = readFileSync(join(root, 'docs/aws-facts.md'), 'utf8');

interface Row {
  readonly fact: string;
  readonly how: string;
  readonly tests: readonly { readonly name: string; readonly file: string }[];
}

/** The rows of the document's tables: fact, how it is met, tests. */
const rows: Row[] = document
  .split('\n')
  .filter((line) => /^\|(?! *(?:AWS|-))/.test(line))
  .map((line) => {
    const [fact = '', how = '', tests = ''] = line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim());
    return {
      fact,
      how,
      tests: [...tests.matchAll(/\[([^\]]+)\]\(\.\.\/([^)]+)\)/g)].map(([, name = '', file = '']) => ({ name, file })),
    };
  });

/** A test's name as its source has it: a name that is made of a table's values is quoted up to the first of them. */
function named(source: string, name: string): boolean {
  return source.includes(name.replace(/…$/, '')) || source.includes(name.replaceAll("'", "\\'"));
}

test('there are facts', () => {
  expect(rows.length).toBeGreaterThan(40);
});

test.each(rows)('$fact: is met in a way that has a name', ({ how }) => {
  expect(how).toMatch(/^(type|check|construction|not here)\b/);
});

test.each(rows.filter(({ how }) => !how.startsWith('not here')))(
  '$fact: its tests are there, under these names',
  ({ tests }) => {
    expect(tests.length).toBeGreaterThan(0);
    for (const { file, name } of tests) {
      expect([file, existsSync(join(root, file))]).toEqual([file, true]);
      expect([name, named(readFileSync(join(root, file), 'utf8'), name)]).toEqual([name, true]);
    }
  },
);

test.each(rows)('$fact: every code that it names is one that the constructs give', ({ how }) => {
  for (const [code] of how.matchAll(/READFLEET_[A-Z0-9_]+/g)) expect(codes).toContain(code);
});

const codes = codesOf();

function codesOf(): Set<string> {
  const files = readdirSync(join(root, 'constructs'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return new Set(
    files.flatMap((name) => readFileSync(join(root, 'constructs', name), 'utf8').match(/READFLEET_[A-Z0-9_]+/g) ?? []),
  );
}
