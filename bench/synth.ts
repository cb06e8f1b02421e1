/**
 * What synthesis costs beside what merely loading cdktf and the same bindings costs: `npx tsx bench/synth.ts [rounds]`.
 *
 * Every figure is of a whole process, started as cdktf.json starts the app, since that is what a person waits for. Rounds are
 * interleaved, so that a busy moment of the machine hits all candidates alike; the table shows medians. `resources` says that
 * the work was really done.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeOptions } from './app-command';
import { measure, median, peakHook, type Sample } from './measure';

const root = path.join(__dirname, '..');
const rounds = Number(process.argv[2] ?? 7);
const scratch = mkdtempSync(path.join(tmpdir(), 'readfleet-bench-'));
const outdir = path.join(scratch, 'cdktf.out');
const loadOnly = path.join(scratch, 'load-only.ts');

// Loads every package that the constructs load, through the same loader, and makes nothing.
writeFileSync(
  loadOnly,
  packages()
    .map((name) => `require(${JSON.stringify(require.resolve(name))});`)
    .join('\n'),
);

const candidates = {
  'node with tsx, an empty script': [emptyScript()],
  'load cdktf and the same bindings': [loadOnly],
  'main.ts, all environments': [path.join(root, 'main.ts')],
} as const;

async function main(): Promise<void> {
  const peakFile = path.join(scratch, 'peak');
  const hook = path.join(scratch, 'peak.cjs');
  writeFileSync(hook, peakHook(peakFile));
  const samples = new Map<string, Sample[]>();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, script] of Object.entries(candidates)) {
      const sample = await measure(['--require', hook, ...nodeOptions(), ...script], {
        cwd: root,
        env: { ...process.env, CDKTF_OUTDIR: outdir },
        peakFile,
      });
      // The first round fills the disk cache and tsx's own.
      if (round > 0) samples.set(name, [...(samples.get(name) ?? []), sample]);
    }
  }

  console.log(`${'candidate'.padEnd(36)}${'seconds'.padStart(10)}${'peak MiB'.padStart(10)}   (medians of ${rounds})`);
  for (const [name, taken] of samples) {
    const seconds = median(taken.map((sample) => sample.seconds)).toFixed(2);
    const peak = median(taken.map((sample) => sample.peakMiB)).toFixed(0);
    console.log(`${name.padEnd(36)}${seconds.padStart(10)}${peak.padStart(10)}`);
  }
  for (const stack of readdirSync(path.join(outdir, 'stacks')).sort()) {
    const json = JSON.parse(readFileSync(path.join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8'));
    const resources = Object.values<object>(json.resource).reduce((sum, byName) => sum + Object.keys(byName).length, 0);
    console.log(`${stack}: ${resources} resources`);
  }
  rmSync(scratch, { recursive: true });
}

/** What the synth-time sources import that is not ours. */
function packages(): string[] {
  const found = new Set<string>();
  for (const file of readdirSync(path.join(root, 'constructs'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const source = readFileSync(path.join(root, 'constructs', file), 'utf8');
    for (const [, name] of source.matchAll(/^import (?!type).* from '([^.'][^']*)';$/gm)) {
      if (name !== undefined && !name.startsWith('node:')) found.add(name);
    }
  }
  return [...found].sort();
}

function emptyScript(): string {
  const file = path.join(scratch, 'empty.ts');
  writeFileSync(file, 'export {};\n');
  return file;
}

main();
