/**
 * How long a local fleet takes to start, beside initdb and start of one plain server, in interleaved rounds of one run.
 *
 * `npx tsx bench/local-start.ts [rounds]` (default 9)
 */
import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { startLocalFleet } from '../local';
import { openCache } from '../local/cache';
import { findPrograms } from '../local/programs';
import { Server } from '../local/server';
import { makeDirectory, serverUser } from '../local/user';

const run = promisify(execFile);
const rounds = Number(process.argv[2] ?? 9);
const samples = new Map<string, number[]>();

async function measured<T>(what: string, work: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  const result = await work();
  const list = samples.get(what) ?? [];
  samples.set(what, list);
  list.push(performance.now() - begin);
  return result;
}

/** The yardstick: what a script would do, with the same programs and the same wait for readiness. */
async function plainServer(): Promise<void> {
  const user = await serverUser();
  const cache = await openCache(user);
  const { initdb, postgres } = await findPrograms(cache);
  const home = await mkdtemp(path.join(cache.root, 'bench-'));
  await makeDirectory(home, user);
  const dataDir = path.join(home, 'data');
  const server = new Server('plain', dataDir, postgres, user);
  await measured('plain initdb + start, one server', async () => {
    await run(initdb, ['-D', dataDir, '-U', 'postgres', '-A', 'trust'], { ...user.spawn, cwd: '/' });
    await appendFile(path.join(dataDir, 'postgresql.conf'), "\nport = 14999\nunix_socket_directories = ''\n");
    await server.start(14_999);
  });
  await server.stop();
  await rm(home, { recursive: true });
}

async function fleet(): Promise<void> {
  const started = await measured('primary + 2 replicas, streaming', () => startLocalFleet({ replicas: 2 }));
  await measured('one more replica, streaming', () => started.addReplica());
  const replica = started.replica('replica-1');
  await measured('kill a replica', () => replica.kill());
  await measured('restart it, streaming again', () => replica.restart());
  await measured('stop of all four, nothing left', () => started.stop());
}

async function main(): Promise<void> {
  // Fills the cache: the first start ever on a machine is told apart.
  const cold = performance.now();
  await (await startLocalFleet({ replicas: 2 })).stop();
  console.log(`first start and stop in this process: ${(performance.now() - cold).toFixed(0)} ms`);
  for (let round = 0; round < rounds; round++) {
    await plainServer();
    await fleet();
  }
  console.log(`${rounds} rounds, milliseconds:`.padEnd(40), 'median', '   min', '   max');
  for (const [what, list] of samples) {
    const sorted = [...list].sort((a, b) => a - b);
    const figures = [sorted[Math.floor(sorted.length / 2)], sorted[0], sorted.at(-1)];
    console.log(what.padEnd(40), figures.map((figure) => (figure ?? 0).toFixed(0).padStart(6)).join(' '));
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
