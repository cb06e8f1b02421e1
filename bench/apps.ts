/**
 * The example apps beside what users of such a system wrote down: `npx tsx bench/apps.ts`. Takes some four minutes.
 *
 * Where load matters every server has the same small share of a core, by a cpu cgroup, so that the servers are the limit and not the machine that all of
 * them and the client share. Needs Linux with cgroup version 1, and root; ends with code 1 where there is none.
 *
 *   --quick      one short round of each, in about a minute: to see that it runs
 *   --write      writes docs/figures/apps and docs/apps.md also after a run with arguments; one without any writes them always
 */
import { parseArgs } from 'node:util';
import { chat } from '../examples/apps/chat/app';
import { gists } from '../examples/apps/gists/app';
import { orders } from '../examples/apps/orders/app';
import { type Killed, measureKill } from './apps-kill';
import { measureOffload } from './apps-offload';
import { measurePages } from './apps-pages';
import { claimsOf, claimTable, killTable, offloadTable, throughputTable, writeApps } from './apps-report';
import { measureThroughput } from './apps-throughput';
import { findControllers } from './cgroup';
import { aligned } from './table';

/** Of a core, for each server: little enough that the servers are the limit, and the client has room on the same two cores. */
const SHARE = 0.15;
/** Less, since here four servers are to be kept busy by one client. */
const THROUGHPUT_SHARE = 0.05;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
  });
  // Told before the first minute is over, not after it.
  findControllers();
  // An interrupted run goes through `exit`, where the groups are removed.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

  const pages = await measurePages(values.quick);
  const offloads = await measureOffload(values.quick, SHARE);
  console.log(`The chat at ${offloads.rate} requests a second\n${aligned(offloadTable(offloads))}\n`);
  const throughputs = await measureThroughput(gists, values.quick, THROUGHPUT_SHARE);
  console.log(`Gists, as many as are answered\n${aligned(throughputTable(throughputs))}\n`);
  const kills: Killed[] = [];
  for (const app of [gists, orders, chat]) kills.push(await measureKill(app, values.quick));
  console.log(`A replica is killed, and comes back\n${aligned(killTable(kills))}\n`);

  const measured = { ...pages, offloads, throughputs, throughputShare: THROUGHPUT_SHARE, kills };
  console.log(aligned(claimTable(claimsOf(measured))));
  if (values.write || process.argv.length === 2) writeApps(measured);
}

main().catch((error) => {
  console.error(`bench/apps.ts: ${(error as Error).message}`);
  process.exitCode = 1;
});
