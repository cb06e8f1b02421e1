import { environment } from '../constructs/environment';

/**
 * A primary instance and everything that can stand around it: replicas in three zones, one read name over them for clients
 * that cannot use the library, a proxy before the writer, a replica in another region, and one that stands alone by now.
 */
export default environment({
  name: 'instances',
  stage: 'production',
  fleet: 'billing',
  region: 'eu-central-1',
  tags: { Team: 'billing', DataClass: 'confidential' },
  topology: 'instances',
  backend: { kind: 's3', bucket: 'example-terraform-state' },
  network: {
    kind: 'create',
    cidr: '10.30.0.0/16',
    zones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
  },
  // The apps' own group, beside the client group that the fleet exports.
  access: { securityGroupIds: ['sg-0a1b2c3d4e5f67890'], cidrs: ['10.90.0.0/16'] },
  database: {
    name: 'billing',
    engineMajor: 17,
    instanceClass: 'db.r6g.xlarge',
    storage: { sizeGiB: 400, maxSizeGiB: 1000 },
    insights: { mode: 'advanced', retentionDays: 465 },
    monitoringIntervalSeconds: 15,
    logExports: ['postgresql', 'upgrade', 'iam-db-auth-error'],
    parameters: { max_connections: 400, work_mem: '16MB', random_page_cost: 1.1, effective_io_concurrency: 200 },
  },
  replicas: {
    blue: { zone: 'eu-central-1a' },
    green: { zone: 'eu-central-1b' },
    // A new replica can begin with a small share.
    violet: { zone: 'eu-central-1c', weight: 0.25 },
  },
  // Was a replica, and is the reporting team's own database now.
  promoted: { indigo: { irreversible: true } },
  remoteReplicas: {
    dublin: {
      region: 'eu-west-1',
      zone: 'eu-west-1a',
      vpcId: 'vpc-0f1e2d3c4b5a69788',
      subnets: { 'eu-west-1a': 'subnet-0f1e2d3c4b5a6978a', 'eu-west-1b': 'subnet-0f1e2d3c4b5a6978b' },
    },
  },
  proxy: {},
  readName: { zone: { kind: 'create', domain: 'billing.internal' }, name: 'read' },
  alarms: { subscriptions: [{ kind: 'email', address: 'on-call@example.com' }] },
});
