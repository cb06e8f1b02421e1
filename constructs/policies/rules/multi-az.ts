import { type Finding, isUnknownText, type PolicyResource, type PolicyStack, policy, refuse, UNKNOWN } from '../policy';
import { DATABASES, instancesOf, isMultiAzCluster, isReplica } from './databases';

export const multiAz = policy({
  code: 'READFLEET_POLICY_MULTI_AZ',
  title: 'What is written to survives the loss of a zone.',
  controls: ['RDS.5', 'RDS.15'],
  types: DATABASES,
  exempt: { development: 'A standby doubles the price, and a development fleet may be away for an hour.' },
  check: (resource, stack) => {
    if (resource.type === 'aws_rds_cluster') return isMultiAzCluster(resource) ? [] : ofAurora(resource, stack);
    // A replica is itself the second copy; the others serve while one is away.
    if (isReplica(resource)) return [];
    return refuse(resource, 'multi_az', (value) => value !== true, {
      message:
        'The primary has no standby in another zone: when its zone fails, writes fail until someone restores it.',
      fix: 'Write multiAz: true.',
    });
  },
});

function ofAurora(cluster: PolicyResource, stack: PolicyStack): readonly Finding[] {
  const instances = instancesOf(cluster, stack);
  // Of a stack that has none, the instances are made elsewhere.
  if (
    instances.length === 0 ||
    instances.some((one) => one.get('count') !== undefined || one.get('for_each') !== undefined)
  )
    return [];
  const zones = instances.map((one) => one.get('availability_zone'));
  const inOneZone =
    zones.every((zone) => zone !== undefined && zone !== UNKNOWN && !isUnknownText(zone)) && new Set(zones).size === 1;
  if (instances.length > 1 && !inOneZone) return [];
  return [
    {
      property: 'availability_zones',
      got: zones.map((zone) => (typeof zone === 'string' ? zone : 'any')),
      message: 'All instances of the cluster are in one zone: when it fails, nothing can take over.',
      fix: 'Give the cluster an instance in a second zone.',
    },
  ];
}
