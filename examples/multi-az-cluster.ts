import { environment } from '../constructs/environment';

/** A writer and two readable standbys in three zones, in a network that exists, with a proxy that reads as well as writes. */
export default environment({
  name: 'multi-az-cluster',
  stage: 'production',
  fleet: 'catalogue',
  region: 'eu-central-1',
  tags: { Team: 'catalogue' },
  topology: 'multi-az-cluster',
  backend: { kind: 's3', bucket: 'example-terraform-state' },
  network: {
    kind: 'existing',
    vpcId: 'vpc-0a1b2c3d4e5f67890',
    subnets: {
      'eu-central-1a': 'subnet-0a1b2c3d4e5f6789a',
      'eu-central-1b': 'subnet-0a1b2c3d4e5f6789b',
      'eu-central-1c': 'subnet-0a1b2c3d4e5f6789c',
    },
    // The platform team has an interface endpoint for Secrets Manager in this VPC.
    secretsRoute: { kind: 'existing-endpoint', securityGroupId: 'sg-0a1b2c3d4e5f67890' },
  },
  database: {
    name: 'catalogue',
    engineMajor: 17,
    // Of a family with local disks, where the members keep what they have acknowledged.
    instanceClass: 'db.r6gd.xlarge',
    storage: { type: 'io1', sizeGiB: 400, iops: 4000 },
    parameters: { max_connections: 400, work_mem: '16MB' },
  },
  proxy: { readEndpoint: true },
  alarms: { subscriptions: [{ kind: 'https', url: 'https://alerts.example.com/readfleet' }] },
});
