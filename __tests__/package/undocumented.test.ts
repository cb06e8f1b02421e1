import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = path.resolve(__dirname, '../..');
const REPORTS = readdirSync(path.join(ROOT, 'api')).filter((name) => name.endsWith('.api.md'));

/** The scripts are modules, which Jest does not load: Node does. */
function undocumentedIn(reports: readonly string[]): string[][] {
  const module = JSON.stringify(pathToFileURL(path.join(ROOT, '.ci/package/undocumented.mjs')).href);
  const script = `
    import { readFileSync } from 'node:fs';
    import { undocumented } from ${module};
    console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(undocumented)));
  `;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    input: JSON.stringify(reports),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

function report(...paragraphs: readonly string[]): string {
  return ['## API Report File for "readfleet"', '```ts', ...paragraphs, '```\n'].join('\n\n');
}

test.each([
  ['an interface', '// @public (undocumented)\nexport interface Page<Row> {\n}', ['Page']],
  ['a type', '// @public (undocumented)\nexport type Stage = (typeof STAGES)[number];', ['Stage']],
  ['a constant', '// @public (undocumented)\nexport const PATHS: {};', ['PATHS']],
  ['a class', '// @public (undocumented)\nexport abstract class Repository {\n}', ['Repository']],
  ['one that is marked otherwise too', '// @public @deprecated (undocumented)\nexport class Old {\n}', ['Old']],
  ['one with a warning', '// Warning: (ae-x) X\n//\n// @public (undocumented)\nexport class Odd {\n}', ['Odd']],
  [
    'one that is exported by another name than its file has',
    '// @public (undocumented)\ntype Parameters_2 = {};\nexport { Parameters_2 as Parameters }',
    ['Parameters'],
  ],
  ['one with TSDoc', '// @public\nexport interface Page {\n}', []],
  [
    'a member without',
    '// @public\nexport class Page {\n    // (undocumented)\n    readonly rows: readonly Row[];\n}',
    [],
  ],
  ['what a file keeps to itself', '// @public (undocumented)\ninterface Ranged extends Common {\n}', []],
] as const)('%s', (_what, paragraph, names) => {
  expect(undocumentedIn([report(paragraph)])).toEqual([names]);
});

test('a function of which one overload has none is named, once', () => {
  const overloads = [
    '// @public\nexport function batch(fleet: Fleet): Batch;',
    '// @public (undocumented)\nexport function batch(on: Queryable): Batch;',
    '// @public (undocumented)\nexport function batch(on: Pool): Batch;',
  ];
  expect(undocumentedIn([report(...overloads)])).toEqual([['batch']]);
});

test('every report of the package: whatever is public has TSDoc', () => {
  const found = undocumentedIn(REPORTS.map((name) => readFileSync(path.join(ROOT, 'api', name), 'utf8')));
  expect(Object.fromEntries(REPORTS.map((name, index) => [name, found[index]]))).toEqual(
    Object.fromEntries(REPORTS.map((name) => [name, []])),
  );
});
