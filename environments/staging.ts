import { environment } from '../constructs/environment';

/** As production, smaller, in a network of its own. */
export default environment({
  name: 'staging',
  stage: 'staging',
  fleet: 'orders',
  region: 'eu-central-1',
  tags: { Team: 'orders' },
  topology: 'multi-az-cluster',
  backend: { kind: 's3', bucket: 'example-terraform-state' },
  network: {
    kind: 'create',
    cidr: '10.20.0.0/16',
    zones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
  },
  database: {
    name: 'orders',
    engineMajor: 17,
    instanceClass: 'db.m6gd.large',
    storage: { type: 'gp3', sizeGiB: 100 },
    parameters: { max_connections: 400, work_mem: '16MB', random_page_cost: 1.1, effective_io_concurrency: 200 },
  },
  proxy: { readEndpoint: true },
});
