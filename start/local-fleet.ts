import { connect, type Fleet } from '../lib';
import { type LocalFleet, startLocalFleet } from '../local';
import { ContractFile } from './contract-file';
import type { Lifecycle } from './lifecycle';
import type { StartOptions } from './options';
import { createSample, SAMPLE } from './sample';
import type { Screen } from './screen';

/** A fleet on this machine, and the library's connection to it. */
export interface RunningFleet {
  readonly local: LocalFleet;
  readonly fleet: Fleet;
  readonly contract: ContractFile;
}

/** Starts PostgreSQL, hands out its contract as a file, connects through that file as an app would, and fills in the sample. */
export async function startFleet(options: StartOptions, lifecycle: Lifecycle, screen: Screen): Promise<RunningFleet> {
  const began = performance.now();
  const starting = startLocalFleet({
    replicas: options.replicas,
    environment: 'local',
    onProgress: (message) => screen.say(`  ${message}`),
  });
  lifecycle.defer(() => starting.then((local) => local.stop()).catch(() => undefined));
  const local = await lifecycle.unlessEnded(starting);
  const { writer, readers, engine } = local.contract;
  screen.say(
    `  PostgreSQL ${engine.major}: primary on port ${writer.port}, ${readers.length} streaming replica${readers.length === 1 ? '' : 's'} on ` +
      `${readers.map(({ port }) => port).join(', ')}, in ${seconds(began)}`,
  );

  const contract = new ContractFile(local, options.contract);
  lifecycle.defer(() => contract.remove());
  await contract.write();
  screen.say(`  contract: ${options.contract}`);

  // Watched: a replica that is added by hand is read from without a restart.
  const connecting = connect({ file: options.contract, watch: true });
  lifecycle.defer(() => connecting.then((fleet) => fleet.close()).catch(() => undefined));
  const fleet = await lifecycle.unlessEnded(connecting);
  screen.working('  filling in the sample ...');
  await lifecycle.unlessEnded(createSample(fleet));
  screen.say(`  sample: ${SAMPLE.customers} customers, ${SAMPLE.orders} purchases`);
  return { local, fleet, contract };
}

export function seconds(since: number): string {
  return `${((performance.now() - since) / 1_000).toFixed(2)} s`;
}
