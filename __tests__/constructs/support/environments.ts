import { type Environment, type EnvironmentInput, environment } from '../../../constructs/environment';

/** A complete environment that says as little as can be said. */
export const MINIMAL: EnvironmentInput = {
  name: 'test',
  fleet: 'orders',
  region: 'eu-central-1',
  topology: 'instances',
  backend: { kind: 's3', bucket: 'state' },
  network: { kind: 'create', cidr: '10.10.0.0/16', zones: ['eu-central-1a', 'eu-central-1b'] },
  database: { name: 'orders', engineMajor: 17, instanceClass: 'db.r6g.large', storage: { sizeGiB: 20 } },
  replicas: { blue: { zone: 'eu-central-1a' } },
};

/** `MINIMAL` with other words, and with other words about its database. */
export function input(
  changes: Partial<EnvironmentInput> = {},
  database: Partial<EnvironmentInput['database']> = {},
): EnvironmentInput {
  return { ...MINIMAL, ...changes, database: { ...MINIMAL.database, ...changes.database, ...database } };
}

export function checked(...args: Parameters<typeof input>): Environment {
  return environment(input(...args));
}
