/** Runs the tests of this folder on one shared fleet. Node 24 has a global setup for this; before, the run is started by the setup. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { startSharedFleet } from 'readfleet/testing';

async function main(): Promise<void> {
  await startSharedFleet({ replicas: 2 });
  const files = readdirSync(__dirname).filter((name) => name.endsWith('.test.ts'));
  run({ files: files.map((name) => path.join(__dirname, name)), concurrency: true })
    .on('test:fail', () => {
      process.exitCode = 1;
    })
    .compose(new spec())
    .pipe(process.stdout);
}

void main();
