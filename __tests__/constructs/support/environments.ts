import {
  type AuroraEnvironment,
  type AuroraEnvironmentInput,
  environment,
  type InstancesEnvironment,
  type InstancesEnvironmentInput,
  type MultiAzClusterEnvironment,
  type MultiAzClusterEnvironmentInput,
} from '../../../constructs/environment';

const ZONES = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'];

/** A complete environment of instances that says as little as can be said. */
export const MINIMAL: InstancesEnvironmentInput = {
  name: 'test',
  fleet: 'orders',
  region: 'eu-central-1',
  topology: 'instances',
  backend: { kind: 's3', bucket: 'state' },
  network: { kind: 'create', cidr: '10.10.0.0/16', zones: ['eu-central-1a', 'eu-central-1b'] },
  database: { name: 'orders', engineMajor: 17, instanceClass: 'db.r6g.large', storage: { sizeGiB: 20 } },
  replicas: { blue: { zone: 'eu-central-1a' } },
};

/** The same as a Multi-AZ cluster. */
export const MINIMAL_CLUSTER: MultiAzClusterEnvironmentInput = {
  name: 'test',
  fleet: 'orders',
  region: 'eu-central-1',
  topology: 'multi-az-cluster',
  backend: { kind: 's3', bucket: 'state' },
  network: { kind: 'create', cidr: '10.10.0.0/16', zones: ZONES },
  database: {
    name: 'orders',
    engineMajor: 17,
    instanceClass: 'db.r6gd.large',
    storage: { type: 'gp3', sizeGiB: 100 },
  },
};

/** The same as an Aurora cluster. */
export const MINIMAL_AURORA: AuroraEnvironmentInput = {
  name: 'test',
  fleet: 'orders',
  region: 'eu-central-1',
  topology: 'aurora',
  backend: { kind: 's3', bucket: 'state' },
  network: { kind: 'create', cidr: '10.10.0.0/16', zones: ZONES },
  database: { name: 'orders', engineMajor: 17, instanceClass: 'db.r6g.large' },
  writerZone: 'eu-central-1a',
  readers: { blue: { zone: 'eu-central-1b' } },
};

/** `MINIMAL` with other words, and with other words about its database. */
export function input(
  changes: Partial<InstancesEnvironmentInput> = {},
  database: Partial<InstancesEnvironmentInput['database']> = {},
): InstancesEnvironmentInput {
  return { ...MINIMAL, ...changes, database: { ...MINIMAL.database, ...changes.database, ...database } };
}

export function checked(...args: Parameters<typeof input>): InstancesEnvironment {
  return environment(input(...args)) as InstancesEnvironment;
}

/** A checked Multi-AZ cluster: `MINIMAL_CLUSTER` with other words. */
export function checkedCluster(
  changes: Partial<MultiAzClusterEnvironmentInput> = {},
  database: Partial<MultiAzClusterEnvironmentInput['database']> = {},
): MultiAzClusterEnvironment {
  const written = { ...MINIMAL_CLUSTER, ...changes, database: { ...MINIMAL_CLUSTER.database, ...database } };
  return environment(written) as MultiAzClusterEnvironment;
}

/** A checked Aurora cluster: `MINIMAL_AURORA` with other words. */
export function checkedAurora(
  changes: Partial<AuroraEnvironmentInput> = {},
  database: Partial<AuroraEnvironmentInput['database']> = {},
): AuroraEnvironment {
  const written = { ...MINIMAL_AURORA, ...changes, database: { ...MINIMAL_AURORA.database, ...database } };
  return environment(written) as AuroraEnvironment;
}
