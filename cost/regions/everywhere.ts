import { from } from '../from';
import type { RegionPrices } from '../prices';

/** What costs the same in every region of the table, as far as is known. */
export const EVERYWHERE: RegionPrices = {
  ...from('three-regions', { 'kms-key': 1, secret: 0.4, zone: 0.5, 'address-hour': 0.005 }),
  ...from('cloudwatch-guides', { 'alarm-metric': 0.1, 'composite-alarm': 0.5, metric: 0.3, dashboard: 3 }),
  ...from('insights-us-east-2', { 'insights-vcpu-hour': 0.0125 }),
  ...from('lambda-singapore', { 'lambda-gb-second': 0.0000133334, 'lambda-million-requests': 0.2 }),
  ...from('route53-guides', { 'health-check': 0.5 }),
  ...from('ssm-guides', { 'advanced-parameter': 0.05 }),
  ...from('memory', { 'fast-alarm-metric': 0.3 }),
};
