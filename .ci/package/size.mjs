/**
 * What each entry of the package weighs: the code that a bundler takes for it, and the packages that are loaded with it. Reads `dist`.
 *
 *   node .ci/package/size.mjs    the measurement, as JSON
 *
 * What an entry may weigh is in budgets.json. Bytes and names only: a time would fail on a busy machine.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { entries, project } from './manifest.mjs';

const BUDGETS = join(project, '.ci/package/budgets.json');
const BIGGEST = 5;

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(JSON.stringify(await measureEntries()));
}

/** @throws Error that names each budget that is exceeded, by how much, and what weighs most */
export async function checkSizes() {
  const budgets = JSON.parse(readFileSync(BUDGETS, 'utf8'));
  const measured = await measureEntries();
  const problems = measured.flatMap((entry) => overBudget(entry, budgets[entry.specifier]));
  for (const specifier of Object.keys(budgets)) {
    if (!measured.some((entry) => entry.specifier === specifier))
      problems.push(`${specifier}: has a budget, and is no entry.`);
  }
  if (problems.length > 0) {
    throw new Error(
      `${problems.join('\n')}\nA cost that is worth it: raise the budget in ${relative(project, BUDGETS)}.`,
    );
  }
  const [root] = measured;
  return `${root.specifier}: ${root.minified} of ${budgets[root.specifier].bytes} bytes minified, ${root.gzipped} gzipped`;
}

function overBudget({ specifier, minified, loads, biggest }, budget) {
  if (!budget)
    return [`${specifier}: has no budget. It has ${minified} bytes, and loads ${loads.join(', ') || 'no package'}.`];
  const problems = [];
  if (minified > budget.bytes) {
    const top = biggest.map(({ file, bytes }) => `${file} ${bytes}`).join(', ');
    problems.push(
      `${specifier}: ${minified} bytes minified, ${minified - budget.bytes} over its budget of ${budget.bytes}. Most of it: ${top}.`,
    );
  }
  const strangers = loads.filter((name) => !budget.loads.includes(name));
  if (strangers.length > 0) {
    problems.push(`${specifier}: to import it loads ${strangers.join(', ')}, which its budget does not have.`);
  }
  return problems;
}

/**
 * In the order of `exports`: bytes of our own code, all packages left out; how many of those bytes an app pays that has the root as well; and the packages
 * that our code loads when the entry is imported. `oneName` is the bundle of an ES module that imports a single name of it.
 */
export async function measureEntries() {
  const root = await bundle([entries[0].code]);
  return Promise.all(
    entries.map(async ({ specifier, code }) => {
      const { names, loads, modules } = loaded(code);
      const [alone, beside, oneName] = await Promise.all([
        bundle([code]),
        bundle([entries[0].code, code]),
        names.length > 0 ? bundle([code], names[0]) : undefined,
      ]);
      return {
        specifier,
        ...alone,
        besideRoot: beside.minified - root.minified,
        oneName: oneName && { name: names[0], minified: oneName.minified },
        loads,
        modules,
      };
    }),
  );
}

/** A bundle as an app would have it, for Node, minified. With `name`, of a module that imports this one alone. */
async function bundle(files, name) {
  const lines = files.map((file, index) =>
    name
      ? `import { ${name} } from ${JSON.stringify(file)}; globalThis.readfleet = ${name};`
      : `import * as m${index} from ${JSON.stringify(file)}; globalThis.readfleet${index} = m${index};`,
  );
  const { outputFiles, metafile } = await build({
    stdin: { contents: lines.join('\n'), resolveDir: project, sourcefile: 'app.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    minify: true,
    metafile: true,
    write: false,
    logLevel: 'error',
    absWorkingDir: project,
  });
  const [{ contents }] = outputFiles;
  const [{ inputs }] = Object.values(metafile.outputs);
  const parts = Object.entries(inputs).map(([file, { bytesInOutput: bytes }]) => ({ file, bytes }));
  return {
    minified: contents.length,
    gzipped: gzipSync(contents, { level: 9 }).length,
    files: parts.filter(({ file }) => file.startsWith('dist/')).length,
    biggest: parts.sort((a, b) => b.bytes - a.bytes).slice(0, BIGGEST),
  };
}

/** What a fresh Node loads for the entry: names of packages that files of ours ask for, and how many modules they make in all. */
function loaded(code) {
  const script = `
    const names = Object.keys(require(${JSON.stringify(code)}));
    const isOurs = (file) => file.startsWith(${JSON.stringify(join(project, 'dist') + sep)});
    const modules = Object.values(require.cache);
    const asked = modules.filter(({ filename }) => isOurs(filename)).flatMap(({ children }) => children.map(({ filename }) => filename));
    console.log(JSON.stringify({ names, asked: asked.filter((file) => !isOurs(file)), modules: modules.length }));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd: project });
  if (status !== 0) throw new Error(`${code} cannot be loaded: ${stderr}`);
  const { names, asked, modules } = JSON.parse(stdout);
  return { names, modules, loads: [...new Set(asked.map(packageOf))].sort() };
}

function packageOf(file) {
  const [first, second] = file.split(`${sep}node_modules${sep}`).at(-1).split(sep);
  return first.startsWith('@') ? `${first}/${second}` : first;
}
