import { type Deployment, ofType } from '../deployment';
import { vcpusOf } from '../instance-class';
import { HOURS_PER_MONTH, several, type Usage } from '../usage';
import { serverCount } from './servers';

/** AWS bills at least these. */
const LEAST_VCPUS = 2;

/**
 * RDS Proxy bills the vCPUs of the servers that it is attached to: the primary alone of instances, every member of a cluster. A
 * further endpoint is an interface endpoint in each of its subnets.
 */
export function proxyUsages(deployment: Deployment): Usage[] {
  const { environment } = deployment;
  const { instanceClass } = environment.database;
  const vcpus = vcpusOf(instanceClass);
  return [
    ...ofType(deployment, 'aws_db_proxy').map(({ region }): Usage => {
      const servers = environment.topology === 'instances' ? 1 : (serverCount(deployment).get(region) ?? 1);
      return {
        part: 'proxy',
        what: 'RDS Proxy',
        detail: vcpus === undefined ? instanceClass : `${servers} × ${vcpus} vCPU`,
        region,
        quantity: vcpus === undefined ? undefined : Math.max(LEAST_VCPUS, servers * vcpus) * HOURS_PER_MONTH,
        unit: 'vCPU-h',
        price: 'proxy-vcpu-hour',
      };
    }),
    ...ofType(deployment, 'aws_db_proxy_endpoint').map(({ region, attributes }): Usage => {
      const subnets = lengthOf(attributes.vpc_subnet_ids);
      return {
        part: 'proxy',
        what: 'RDS Proxy, further endpoint',
        ...(subnets === undefined ? {} : { detail: `in ${several(subnets, 'zone')}` }),
        region,
        quantity: subnets === undefined ? undefined : subnets * HOURS_PER_MONTH,
        unit: 'h',
        price: 'endpoint-hour',
      };
    }),
  ];
}

function lengthOf(value: unknown): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}
