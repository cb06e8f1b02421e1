import { type Deployment, ofType } from '../deployment';
import { HOURS_PER_MONTH, several, type Usage } from '../usage';
import { byRegion, counted } from './counted';

/** What a fleet's network bills by the hour, and its names. What goes through it is not known. */
export function networkUsages(deployment: Deployment): Usage[] {
  const hourly = (type: string, what: string, price: 'nat-hour' | 'address-hour') =>
    byRegion(ofType(deployment, type)).map(
      ([region, some]): Usage => ({
        part: 'network',
        what,
        ...(some.length > 1 ? { detail: `${some.length}` } : {}),
        region,
        quantity: some.length * HOURS_PER_MONTH,
        unit: 'h',
        price,
      }),
    );
  return [
    ...ofType(deployment, 'aws_vpc_endpoint')
      // Gateway endpoints, to S3 and DynamoDB, cost nothing.
      .filter(({ attributes }) => attributes.vpc_endpoint_type === 'Interface')
      .map(({ name, region, attributes }): Usage => {
        const zones = Array.isArray(attributes.subnet_ids) ? attributes.subnet_ids.length : undefined;
        return {
          part: 'network',
          what: `interface endpoint ${name}`,
          ...(zones === undefined ? {} : { detail: `in ${several(zones, 'zone')}` }),
          region,
          quantity: zones === undefined ? undefined : zones * HOURS_PER_MONTH,
          unit: 'h',
          price: 'endpoint-hour',
        };
      }),
    ...hourly('aws_nat_gateway', 'NAT gateway', 'nat-hour'),
    ...hourly('aws_eip', 'public address', 'address-hour'),
    ...counted(deployment, 'aws_route53_zone', { part: 'network', what: 'private zone', price: 'zone' }),
    ...counted(deployment, 'aws_route53_health_check', {
      part: 'network',
      what: 'health checks',
      price: 'health-check',
    }),
  ];
}
