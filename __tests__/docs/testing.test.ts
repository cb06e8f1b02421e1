/** docs/testing.md against `readfleet/testing`. Its code is compiled by code.test.ts. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as kit from '../../local/testing';

const FILE = path.join(__dirname, '../../docs/testing.md');
const page = readFileSync(FILE, 'utf8');

test('a link leads to a file, and to the one that it names', () => {
  const links = [...page.matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g)].map(([, text = '', target = '']) => ({
    text,
    target,
  }));
  expect(links.length).toBeGreaterThan(3);
  expect(links.filter(({ target }) => !existsSync(path.join(path.dirname(FILE), target)))).toEqual([]);
  const files = links.filter(({ text }) => /\.\w+$/.test(text));
  expect(files.filter(({ text, target }) => path.basename(target) !== text)).toEqual([]);
});

test('names all that the kit has', () => {
  // What recordReads() and readsOf() return: nobody has to name it.
  const names = Object.keys(kit).filter((name) => name !== 'Recording');
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(page))).toEqual([]);
});
