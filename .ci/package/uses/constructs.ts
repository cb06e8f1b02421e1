import assert from 'node:assert/strict';
import { App } from 'cdktf';
import { environment, ReadFleetStack } from 'readfleet/constructs';

const input = {
  name: 'try',
  stage: 'development',
  fleet: 'orders',
  region: 'eu-central-1',
  topology: 'instances',
  backend: { kind: 'local' },
  network: { kind: 'create', cidr: '10.30.0.0/16', zones: ['eu-central-1a', 'eu-central-1b'] },
  database: { name: 'orders', engineMajor: 17, instanceClass: 'db.r6g.large', storage: { sizeGiB: 100 } },
  replicas: { blue: { zone: 'eu-central-1a' } },
} satisfies Parameters<typeof environment>[0];

export default function use(): void {
  assert.throws(() => environment({ ...input, replicas: {} }), { code: 'READFLEET_ENVIRONMENT_INVALID' });
  const stack = new ReadFleetStack(new App(), 'try', { environment: environment({ ...input }) });
  const resources = stack.toTerraform().resource;
  assert.equal(Object.keys(resources.aws_db_instance).length, 2);
}
