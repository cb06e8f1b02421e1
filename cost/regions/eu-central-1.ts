import { from } from '../from';
import type { RegionPrices } from '../prices';
import { EVERYWHERE } from './everywhere';

export const EU_CENTRAL_1: RegionPrices = {
  ...EVERYWHERE,
  ...from('frankfurt-list', {
    'instance/db.t4g.micro': 0.019,
    'instance/db.t4g.small': 0.037,
    'gp3-gib': 0.137,
    'backup-gib': 0.103,
  }),
  ...from('frankfurt-halved', { 'instance/db.t4g.medium': 0.0745, 'instance/db.m8g.large': 0.2 }),
  ...from('frankfurt-m6i-halved', { 'instance/db.m6i.xlarge': 0.424, 'instance/db.m6i.2xlarge': 0.848 }),
  ...from('spot-checks', { 'instance/db.t3.micro': 0.021 }),
  ...from('frankfurt-aurora', { 'aurora-gib': 0.119, 'aurora-million-io': 0.22 }),
  ...from('frankfurt-proxy', { 'proxy-vcpu-hour': 0.018 }),
  ...from('frankfurt-rates', { 'nat-hour': 0.052, 'endpoint-hour': 0.012, 'log-gib': 0.63 }),
  ...from('frankfurt-bill', { 'alarm-metric': 0.1 }),
  ...from('memory', {
    'instance/db.r6g.large': 0.27,
    'instance/db.r6g.xlarge': 0.54,
    'cluster/db.m6gd.large': 0.7,
    'cluster/db.m6gd.xlarge': 1.4,
    'cluster/db.r6gd.large': 0.97,
    'cluster/db.r6gd.xlarge': 1.94,
    'aurora/db.r6g.large': 0.313,
    'aurora-iopt1/db.r6g.large': 0.407,
    'io1-gib': 0.149,
    'io1-iops': 0.119,
  }),
};
