/**
 * What an app pays to import the package: bytes of each entry in a bundle, and processor time and memory to load it in a fresh Node, beside `pg` alone. Run it after
 * `npm run build`.
 *
 * `npx tsx bench/load-size.ts [rounds]` (default 15)
 *
 * Bytes are the same on every machine; `npm run check:package` holds them to the budgets in `.ci/package/budgets.json`.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { median } from './measure';
import { orderOf } from './order';
import { aligned } from './table';

const project = path.resolve(__dirname, '..');
const rounds = Number(process.argv[2] ?? 15);

/** As `.ci/package/size.mjs` prints it. */
interface Weight {
  readonly specifier: string;
  readonly minified: number;
  readonly gzipped: number;
  readonly files: number;
  readonly besideRoot: number;
  readonly oneName?: { readonly name: string; readonly minified: number };
  readonly loads: readonly string[];
  readonly modules: number;
}

interface Load {
  readonly ms: number;
  readonly rssMiB: number;
}

/** In a process of its own: what is loaded already costs nothing. Time is the processor's, which a busy machine does not make longer by waiting. */
function load(specifier: string): Load {
  const script = `
    const before = process.memoryUsage.rss();
    const begin = process.cpuUsage();
    require(${JSON.stringify(specifier)});
    const { user, system } = process.cpuUsage(begin);
    console.log(JSON.stringify({ ms: (user + system) / 1000, rssMiB: (process.memoryUsage.rss() - before) / 2 ** 20 }));`;
  return JSON.parse(run(['-e', script]));
}

function run(args: readonly string[]): string {
  return execFileSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
}

/** With everything that it loads, as an app that is one file would have it. Packages that are looked for and may be absent are left out. */
async function whole(specifier: string): Promise<{ minified: number; gzipped: number }> {
  const { outputFiles } = await build({
    stdin: { contents: `globalThis.loaded = require(${JSON.stringify(specifier)});`, resolveDir: project },
    bundle: true,
    platform: 'node',
    target: 'node20',
    minify: true,
    write: false,
    logLevel: 'error',
    external: ['pg-native', '@aws-sdk/*'],
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  return { minified: code.length, gzipped: gzipSync(code, { level: 9 }).length };
}

const kib = (bytes: number) => (bytes / 1024).toFixed(1);

async function main(): Promise<void> {
  const weights: Weight[] = JSON.parse(run(['.ci/package/size.mjs']));
  const specifiers = ['pg', ...weights.map(({ specifier }) => specifier)];
  const loads = specifiers.map((): Load[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const index of orderOf(round, specifiers.length)) loads[index]?.push(load(specifiers[index] ?? ''));
  }
  const loaded = (index: number) => [
    median((loads[index] ?? []).map(({ ms }) => ms)).toFixed(0),
    median((loads[index] ?? []).map(({ rssMiB }) => rssMiB)).toFixed(1),
  ];

  console.log(
    `Node ${process.version.slice(1)}, medians of ${rounds} loads. KiB: minified code of ours, without packages. ms: of the processor.\n`,
  );
  const rows = weights.map((weight, index) => [
    weight.specifier,
    kib(weight.minified),
    kib(weight.gzipped),
    index === 0 ? '' : kib(weight.besideRoot),
    weight.oneName ? kib(weight.oneName.minified) : '',
    String(weight.files),
    String(weight.modules),
    ...loaded(index + 1),
    weight.loads.join(', '),
  ]);
  const header = ['', 'KiB', 'gzipped', 'beside readfleet', 'one name', 'files', 'modules', 'ms', 'MiB', 'packages'];
  console.log(
    aligned({ header, words: ['packages'], rows: [['pg', '', '', '', '', '', '', ...loaded(0), ''], ...rows] }),
  );

  console.log('\nWith all packages in the bundle, KiB:\n');
  const bundles = await Promise.all(
    ['pg', 'readfleet'].map(async (specifier) => ({ specifier, ...(await whole(specifier)) })),
  );
  console.log(
    aligned({
      header: ['', 'minified', 'gzipped'],
      rows: bundles.map(({ specifier, minified, gzipped }) => [specifier, kib(minified), kib(gzipped)]),
    }),
  );
}

main();
