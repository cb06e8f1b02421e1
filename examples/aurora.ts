import { environment } from '../constructs/environment';

/** A writer and readers over one shared storage; AWS adds readers while they are busy, and the proxy finds them. */
export default environment({
  name: 'aurora',
  stage: 'production',
  fleet: 'search',
  region: 'eu-central-1',
  tags: { Team: 'search' },
  topology: 'aurora',
  backend: { kind: 's3', bucket: 'example-terraform-state' },
  network: {
    kind: 'create',
    cidr: '10.40.0.0/16',
    zones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
  },
  database: {
    name: 'search',
    engineMajor: 17,
    instanceClass: 'db.r6g.large',
    // Readers that come and go are worth it when I/O is not billed by the piece.
    storageType: 'aurora-iopt1',
  },
  writerZone: 'eu-central-1a',
  readers: {
    blue: { zone: 'eu-central-1b', promotionTier: 0 },
    green: { zone: 'eu-central-1c' },
  },
  autoscaling: { minReaders: 2, maxReaders: 6, target: { kind: 'cpu-percent', value: 60 } },
  proxy: { readEndpoint: true, maxConnectionsPercent: 70 },
  alarms: { subscriptions: [{ kind: 'email', address: 'on-call@example.com' }] },
});
