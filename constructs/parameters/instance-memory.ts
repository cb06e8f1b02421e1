/**
 * Memory of instance classes, from AWS's table of DB instance classes as of 2025-06.
 *
 * Within a family, memory is a fixed share per vCPU, so sizes and families say it all. A class that is not here is not
 * checked: new ones appear every year, and a false refusal is worse than a missing one.
 */
const GIB_PER_VCPU: Readonly<Record<string, number>> = {
  c6gd: 2,
  m5: 4,
  m5d: 4,
  m6g: 4,
  m6gd: 4,
  m6i: 4,
  m6id: 4,
  m7g: 4,
  m7i: 4,
  m8g: 4,
  r5: 8,
  r5b: 8,
  r5d: 8,
  r6g: 8,
  r6gd: 8,
  r6i: 8,
  r6id: 8,
  r7g: 8,
  r7i: 8,
  r8g: 8,
  x2g: 16,
};

const BURSTABLE_GIB: Readonly<Record<string, number>> = {
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  '2xlarge': 32,
};

const BURSTABLE = ['t3', 't4g'];

/** Memory of an instance class in GiB, e.g. 32 for `db.r6g.xlarge`; nothing for a class that the table does not know. */
export function memoryGiB(instanceClass: string): number | undefined {
  const [, family = '', size = ''] = instanceClass.split('.');
  if (BURSTABLE.includes(family)) return BURSTABLE_GIB[size];
  const perCpu = GIB_PER_VCPU[family];
  const cpus = vcpus(size);
  return perCpu === undefined || cpus === undefined ? undefined : perCpu * cpus;
}

function vcpus(size: string): number | undefined {
  if (size === 'medium') return 1;
  if (size === 'large') return 2;
  const times = /^(\d*)xlarge$/.exec(size);
  return times ? 4 * Number(times[1] || 1) : undefined;
}
