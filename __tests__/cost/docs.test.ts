import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { POLICIES } from '../../constructs';
import { PRICE_TABLE } from '../../cost/prices';

const ROOT = path.join(__dirname, '../..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

/** All that stands in the constructs' sources. */
function constructs(folder = path.join(ROOT, 'constructs')): string {
  return readdirSync(folder)
    .map((name) => path.join(folder, name))
    .map((file) => (statSync(file).isDirectory() ? constructs(file) : readFileSync(file, 'utf8')))
    .join('\n');
}

describe.each(['docs/comparison.md', 'docs/cost.md'])('%s', (file) => {
  test('links to files that are there', () => {
    const links = [...read(file).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link);

    expect(links.filter((link) => !existsSync(path.join(ROOT, 'docs', link)))).toEqual([]);
  });
});

test('every code that the comparison names is one that readfleet tells', () => {
  const source = constructs();
  const named = [...new Set(read('docs/comparison.md').match(/READFLEET_[A-Z0-9_]+/g))];

  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((code) => !source.includes(`'${code}'`))).toEqual([]);
});

test('the comparison counts the policies right', () => {
  const [, count] = /^\| Security policies at synth +\| (\d+), /m.exec(read('docs/comparison.md')) ?? [];

  expect(Number(count)).toBe(POLICIES.length);
});

test('the page on cost names every region of the table', () => {
  for (const region of Object.keys(PRICE_TABLE.regions)) expect(read('docs/cost.md')).toContain(region);
});
