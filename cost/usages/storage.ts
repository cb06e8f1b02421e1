import type { Deployment } from '../deployment';
import type { ServicePrice } from '../prices';
import type { Usage } from '../usage';
import { MULTI_AZ_CLUSTER_MEMBERS, multiAzClustersOf, serversOf } from './servers';

/** What gp3 brings along: AWS stripes it from 400 GiB on. */
const GP3_STRIPED_GIB = 400;
const GP3_BASELINE = { iops: [3_000, 12_000], mibps: [125, 500] } as const;

/** Storage of one server, whatever the topology. Undefined for Aurora, whose storage is shared and grows by itself. */
interface Disk {
  readonly type: 'gp3' | 'io1' | 'io2';
  readonly sizeGiB: number;
  readonly iops?: number;
  readonly throughputMiBps?: number;
}

export function storageUsages(deployment: Deployment): Usage[] {
  const disk = diskOf(deployment);
  if (!disk) return [];
  return [...diskCount(deployment)].flatMap(([region, disks]) => {
    const usage = (what: string, perDisk: number, unit: string, price: ServicePrice): Usage[] =>
      perDisk > 0
        ? [{ part: 'storage', what, detail: `${disks} × ${perDisk}`, region, quantity: disks * perDisk, unit, price }]
        : [];
    const { iops, throughputMiBps } = billedPerformance(disk);
    return [
      ...usage(`${disk.type} storage`, disk.sizeGiB, 'GiB', `${disk.type}-gib`),
      ...usage(`${disk.type} IOPS`, iops, 'IOPS', `${disk.type}-iops`),
      ...usage('gp3 throughput', throughputMiBps, 'MiB/s', 'gp3-mibps'),
    ];
  });
}

function diskOf({ environment }: Deployment): Disk | undefined {
  switch (environment.topology) {
    case 'instances':
      return { type: 'gp3', ...environment.database.storage };
    case 'multi-az-cluster':
      return environment.database.storage;
    case 'aurora':
      return undefined;
  }
}

/** A standby has a disk of its own, billed like the one that it mirrors. */
function diskCount(deployment: Deployment): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (region: string, count: number) => counts.set(region, (counts.get(region) ?? 0) + count);
  for (const { region, standby } of serversOf(deployment)) add(region, standby ? 2 : 1);
  for (const { region } of multiAzClustersOf(deployment)) add(region, MULTI_AZ_CLUSTER_MEMBERS);
  return counts;
}

/** gp3 bills what goes beyond what it brings along; io1 and io2 bill each provisioned IOPS. */
function billedPerformance({ type, sizeGiB, iops, throughputMiBps }: Disk): {
  readonly iops: number;
  readonly throughputMiBps: number;
} {
  if (type !== 'gp3') return { iops: iops ?? 0, throughputMiBps: 0 };
  const striped = sizeGiB >= GP3_STRIPED_GIB ? 1 : 0;
  return {
    iops: Math.max(0, (iops ?? 0) - GP3_BASELINE.iops[striped]),
    throughputMiBps: Math.max(0, (throughputMiBps ?? 0) - GP3_BASELINE.mibps[striped]),
  };
}
