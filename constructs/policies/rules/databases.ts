import { type PolicyResource, type PolicyStack, UNKNOWN } from '../policy';

/** What holds data. Members of an Aurora cluster do not: their cluster does. */
export const DATABASES = ['aws_db_instance', 'aws_rds_cluster'] as const;
/** What runs as a server. */
export const SERVERS = ['aws_db_instance', 'aws_rds_cluster_instance'] as const;

/** Whether it only follows another: it holds nothing that its source has not (docs/decisions/0014-replicas-hold-nothing.md). */
export function isReplica(resource: PolicyResource): boolean {
  return resource.get('replicate_source_db') !== undefined;
}

/** Whether a cluster is a Multi-AZ DB cluster, not Aurora: only that kind has a class of its own. */
export function isMultiAzCluster(resource: PolicyResource): boolean {
  return resource.type === 'aws_rds_cluster' && resource.get('db_cluster_instance_class') !== undefined;
}

/** E.g. `postgres`; of a replica, its source's. `UNKNOWN` when the stack does not say. */
export function engineOf(resource: PolicyResource, stack: PolicyStack): unknown {
  const own = resource.get('engine');
  if (own !== undefined || !isReplica(resource)) return own;
  const source = stack.at(resource.reference('replicate_source_db'));
  return source ? engineOf(source, stack) : UNKNOWN;
}

/** The instances of an Aurora cluster that the stack has. */
export function instancesOf(cluster: PolicyResource, stack: PolicyStack): readonly PolicyResource[] {
  const name = cluster.get('cluster_identifier');
  return stack
    .ofType('aws_rds_cluster_instance')
    .filter(
      (instance) =>
        instance.reference('cluster_identifier') === cluster.address ||
        (typeof name === 'string' && instance.get('cluster_identifier') === name),
    );
}

/** Whether a number is known to be less than `least`. What is not said counts as `otherwise`. */
export function isLess(value: unknown, least: number, otherwise: number): boolean {
  const number = value === undefined ? otherwise : Number(value);
  return number < least;
}
