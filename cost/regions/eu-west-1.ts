import { from } from '../from';
import type { RegionPrices } from '../prices';
import { EVERYWHERE } from './everywhere';

export const EU_WEST_1: RegionPrices = {
  ...EVERYWHERE,
  ...from('ireland-list', {
    'instance/db.t4g.micro': 0.017,
    'gp3-gib': 0.127,
    'nat-hour': 0.048,
    'endpoint-hour': 0.011,
  }),
  ...from('ireland-halved', { 'instance/db.t4g.medium': 0.069 }),
  ...from('memory', { 'instance/db.r6g.large': 0.248, 'instance/db.r6g.xlarge': 0.495, 'log-gib': 0.57 }),
};
