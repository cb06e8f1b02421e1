import { environment } from '../../../../../constructs/environment';

/** Small, cheap, and easy to throw away: one primary, two small replicas, a network of its own. */
export default environment({
  name: 'dev',
  stage: 'development',
  fleet: 'orders',
  region: 'eu-central-1',
  tags: { Team: 'orders' },
  topology: 'instances',
  backend: { kind: 'local' },
  network: { kind: 'create', cidr: '10.10.0.0/16', zones: ['eu-central-1a', 'eu-central-1b'] },
  database: {
    name: 'orders',
    engineMajor: 17,
    instanceClass: 'db.t4g.medium',
    storage: { sizeGiB: 20 },
  },
  replicas: {
    blue: { zone: 'eu-central-1a' },
    green: { zone: 'eu-central-1b' },
  },
});
