/**
 * What the emitter weighs: the size of its bundle, how long a fresh process takes to load it and to tell of a real fleet for the first time, and
 * its peak of memory. Each run is a process of its own, in a folder without packages, as on Lambda.
 *
 * `npx tsx bench/emitter.ts [runs]` (default 15)
 *
 * On Node 22, which Lambda runs, brought by `npx -p node@22`; where it cannot be had, on the Node that runs this, and the table says so.
 * A function of 256 MB has a seventh of a processor of its own once it is loaded (loading has a whole one), so there all but loading takes
 * longer. The members speak without TLS: the certificates are loaded and not read.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { strFromU8, unzipSync } from 'fflate';
import { functionCode } from '../constructs/functions/code';
import { startLocalFleet } from '../local';
import { median } from './measure';
import { markdown } from './table';

const run = promisify(execFile);
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** Ends with a line of JSON on stderr. */
const SCRIPT = `
const begin = performance.now();
const { handler } = process.argv[2] === 'load' ? require('./index.js') : {};
const loadMs = performance.now() - begin;
let tellMs;
process.stdout.write = (line) => { tellMs ??= Date.now() - JSON.parse(line)._aws.Timestamp; return true };
const left = { getRemainingTimeInMillis: () => (tellMs === undefined ? 60_000 : 0) };
Promise.resolve(handler?.({}, left)).then(() => {
  console.error(JSON.stringify({ version: process.versions.node, loadMs, tellMs, peakMiB: process.resourceUsage().maxRSS / 1024 }));
  process.exit();
});`;

interface Run {
  /** From start to end of the process, as seen from outside. */
  readonly wallMs: number;
  readonly version: string;
  readonly loadMs: number;
  /** From the moment at which the first sample was due to its first document. */
  readonly tellMs?: number;
  readonly peakMiB: number;
}

/** Path of a Node 22, or of this one. */
async function node(): Promise<string> {
  try {
    const { stdout } = await run('npx', ['--yes', '--package', 'node@22', 'node', '-p', 'process.execPath']);
    return stdout.trim();
  } catch (error) {
    console.error(`No Node 22: ${(error as Error).message.split('\n')[0]}`);
    return process.execPath;
  }
}

async function main(runs: number): Promise<void> {
  const { file } = functionCode('emitter');
  const zip = readFileSync(file);
  const code = unzipSync(zip)['index.js'] as Uint8Array;
  const folder = mkdtempSync(path.join(tmpdir(), 'readfleet-emitter-'));
  const local = await startLocalFleet({ replicas: 2 });
  try {
    writeFileSync(path.join(folder, 'index.js'), code);
    writeFileSync(path.join(folder, 'run.js'), SCRIPT);
    const program = await node();
    const env = {
      PATH: process.env.PATH,
      READFLEET_CONTRACT: JSON.stringify(local.contract),
      READFLEET_SAMPLE_SECONDS: '1',
    };
    const once = async (what: string): Promise<Run> => {
      const begin = performance.now();
      const { stderr } = await run(program, ['run.js', what], { cwd: folder, env });
      return { ...JSON.parse(stderr), wallMs: performance.now() - begin };
    };
    const empty: Run[] = [];
    const loaded: Run[] = [];
    for (let turn = 0; turn <= runs; turn++) {
      const both = [await once('nothing'), await once('load')] as const;
      // The first fills the disk cache.
      if (turn === 0) continue;
      empty.push(both[0]);
      loaded.push(both[1]);
    }
    const kb = (bytes: number) => `${(bytes / 1_000).toFixed(0)} KB`;
    const ms = (of: readonly Run[], value: (run: Run) => number | undefined) =>
      `${median(of.map((one) => value(one) ?? Number.NaN)).toFixed(0)} ms`;
    const mib = (of: readonly Run[]) => `${median(of.map(({ peakMiB }) => peakMiB)).toFixed(0)} MiB`;
    console.log(
      markdown({
        header: ['The emitter', `Node ${loaded[0]?.version}, medians of ${runs} processes`],
        rows: [
          ['code, without certificates', kb(Buffer.byteLength(strFromU8(code).replace(CERTIFICATE, '')))],
          ['code, with those of all regions', kb(code.length)],
          ['zip', kb(zip.length)],
          ['to load it', ms(loaded, ({ loadMs }) => loadMs)],
          ['first sample of three members, from when it is due', ms(loaded, ({ tellMs }) => tellMs)],
          ['peak of memory, first sample among it', mib(loaded)],
          ['a Node that does nothing: peak of memory', mib(empty)],
          ['a Node that does nothing: from start to end', ms(empty, ({ wallMs }) => wallMs)],
        ],
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
    await local.stop();
  }
}

main(Number(process.argv[2] ?? 15)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
