import { environment } from '../constructs/environment';

/** Protected against loss (`stage` decides how), in the network that the platform team owns: three members in three zones. */
export default environment({
  name: 'production',
  stage: 'production',
  fleet: 'orders',
  region: 'eu-central-1',
  tags: { Team: 'orders', DataClass: 'confidential' },
  topology: 'multi-az-cluster',
  backend: { kind: 's3', bucket: 'example-terraform-state' },
  // The ids of your own VPC and of its private subnets.
  network: {
    kind: 'existing',
    vpcId: 'vpc-0a1b2c3d4e5f67890',
    subnets: {
      'eu-central-1a': 'subnet-0a1b2c3d4e5f6789a',
      'eu-central-1b': 'subnet-0a1b2c3d4e5f6789b',
      'eu-central-1c': 'subnet-0a1b2c3d4e5f6789c',
    },
  },
  database: {
    name: 'orders',
    engineMajor: 17,
    instanceClass: 'db.r6gd.xlarge',
    storage: { type: 'gp3', sizeGiB: 400 },
    insights: { mode: 'advanced', retentionDays: 465 },
    monitoringIntervalSeconds: 15,
    logExports: ['postgresql', 'upgrade', 'iam-db-auth-error'],
    parameters: {
      max_connections: 400,
      shared_buffers: '8GB',
      effective_cache_size: '24GB',
      maintenance_work_mem: '1GB',
      checkpoint_completion_target: 0.9,
      wal_buffers: '16MB',
      default_statistics_target: 100,
      random_page_cost: 1.1,
      effective_io_concurrency: 200,
      work_mem: '16MB',
      min_wal_size: '1GB',
      max_wal_size: '4GB',
    },
  },
  proxy: { readEndpoint: true },
  alarms: { subscriptions: [{ kind: 'email', address: 'orders-on-call@example.com' }] },
});
