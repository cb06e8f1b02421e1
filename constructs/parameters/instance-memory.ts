/**
 * Memory of instance classes of RDS and of Aurora, from AWS's tables of DB instance classes as of 2026-06; families that RDS
 * shares with EC2 are sized as there.
 *
 * Within a family, memory is a fixed share per vCPU, so sizes and families say it all. A class that is not here is not
 * checked: new ones appear every year, and a false refusal is worse than a missing one.
 */
const FAMILIES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    2: 'c6gd',
    4: 'm4 m5 m5d m6g m6gd m6i m6id m6idn m6in m7g m7i m8g m8gd',
    7.5: 'r3',
    7.625: 'r4',
    8: 'r5 r5b r5d r6g r6gd r6i r6id r6idn r6in r7g r7i r8g r8gd z1d',
    15.25: 'x1',
    16: 'x2g x2idn',
    30.5: 'x1e',
    32: 'x2iedn x2iezn',
  }).flatMap(([gibPerCpu, families]) => families.split(' ').map((family) => [family, Number(gibPerCpu)] as const)),
);

const BURSTABLE_GIB: ReadonlyMap<string, number> = new Map([
  ['micro', 1],
  ['small', 2],
  ['medium', 4],
  ['large', 8],
  ['xlarge', 16],
  ['2xlarge', 32],
]);

const BURSTABLE = ['t2', 't3', 't4g'];

/** Memory of an instance class in GiB, e.g. 32 for `db.r6g.xlarge`; nothing for a class that the table does not know. */
export function memoryGiB(instanceClass: string): number | undefined {
  const [, family = '', size = ''] = instanceClass.split('.');
  if (BURSTABLE.includes(family)) return BURSTABLE_GIB.get(size);
  const perCpu = FAMILIES.get(family);
  const cpus = vcpus(size);
  return perCpu === undefined || cpus === undefined ? undefined : perCpu * cpus;
}

function vcpus(size: string): number | undefined {
  if (size === 'medium') return 1;
  if (size === 'large') return 2;
  const times = /^(\d*)xlarge$/.exec(size);
  return times ? 4 * Number(times[1] || 1) : undefined;
}
