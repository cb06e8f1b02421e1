/**
 * Starts the shared fleet and workers that use it, for tests that end these processes in all ways.
 *
 *   shared-fixture.ts parent <number of workers> <task>      prints { directory, pids } and what its workers print
 *   shared-fixture.ts worker <task>
 */
import { fork } from 'node:child_process';
import { connect } from '../../../lib';
import {
  freshDatabase,
  sharedFleet,
  startSharedFleet,
  template,
  testOptions,
  withDown,
  withFaults,
} from '../../../local/testing';

const [role, ...words] = process.argv.slice(2);

function say(line: object): void {
  console.log(JSON.stringify(line));
}

const notes = template('notes', async ({ url }) => {
  say({ made: process.pid });
  const { Client } = await import('pg');
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('create table notes (id int)');
  await client.end();
});

const tasks: Record<string, () => Promise<void>> = {
  /** Makes databases from one template. */
  async databases() {
    for (let turn = 0; turn < 3; turn += 1) {
      const db = await freshDatabase({ template: notes });
      const fleet = await db.connect();
      await fleet.query('insert into notes values (1)');
      const { rows } = await fleet.criticalRead<{ n: number }>('select count(*)::int as n from notes');
      say({ rows: rows[0]?.n });
      await db.drop();
    }
  },
  /** Breaks the fleet, and says when it is alone with it. */
  async faults() {
    const fleet = await connect(sharedFleet().contract, testOptions());
    for (let turn = 0; turn < 3; turn += 1) {
      await withDown(fleet, 'replica-1', async () => {
        say({ turn: 'begins', pid: process.pid });
        await fleet.query('select 1');
        say({ turn: 'ends', pid: process.pid });
      });
    }
    await fleet.close();
  },
  /** Breaks the fleet and stays. */
  async stays() {
    const fleet = await connect(sharedFleet().contract, testOptions());
    await withFaults(fleet, async (servers) => {
      await servers.member('replica-1').freeze();
      await servers.member('replica-2').pauseReplay();
      say({ broken: process.pid });
      await new Promise((resolve) => setTimeout(resolve, 600_000));
    });
  },
};

async function main(): Promise<void> {
  if (role === 'worker') return tasks[words[0] as string]?.();
  const { local } = await startSharedFleet({ replicas: 2 });
  const workers = Array.from({ length: Number(words[0]) }, () => fork(__filename, ['worker', words[1] as string]));
  say({ directory: local.directory, workers: workers.map(({ pid }) => pid) });
  const codes = await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve))));
  say({ codes, states: local.members.map(({ state }) => state) });
  if (words[2] === 'waits') setInterval(() => undefined, 60_000);
}

void main();
