import { type Deployment, ofType, type Resource } from '../deployment';
import type { ServerPrice } from '../prices';
import { HOURS_PER_MONTH, type Usage } from '../usage';

/** A writer and two readable standbys: AWS bills them as one. */
export const MULTI_AZ_CLUSTER_MEMBERS = 3;

/**
 * A server, and the standby that it may have.
 *
 * All have the environment's class: a replica cannot say another.
 */
export interface Server {
  readonly name: string;
  readonly region: string;
  readonly standby: boolean;
}

/** Every server that is billed on its own; those of a Multi-AZ DB cluster are not among them. */
export function serversOf(deployment: Deployment): Server[] {
  return [...ofType(deployment, 'aws_db_instance'), ...ofType(deployment, 'aws_rds_cluster_instance')].map(
    (resource) => ({ name: nameOf(resource), region: resource.region, standby: resource.attributes.multi_az === true }),
  );
}

/** Multi-AZ DB clusters, by their region: one, or none. */
export function multiAzClustersOf(deployment: Deployment): Resource[] {
  return ofType(deployment, 'aws_rds_cluster').filter(
    ({ attributes }) => attributes.db_cluster_instance_class !== undefined,
  );
}

/** How many servers there are in each region, standbys that serve no reads left out. */
export function serverCount(deployment: Deployment): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (region: string, count: number) => counts.set(region, (counts.get(region) ?? 0) + count);
  for (const { region } of serversOf(deployment)) add(region, 1);
  for (const { region } of multiAzClustersOf(deployment)) add(region, MULTI_AZ_CLUSTER_MEMBERS);
  return counts;
}

export function serverUsages(deployment: Deployment): Usage[] {
  const { instanceClass } = deployment.environment.database;
  const hours = (what: string, region: string, price: ServerPrice): Usage => ({
    part: 'servers',
    what,
    detail: instanceClass,
    region,
    quantity: HOURS_PER_MONTH,
    unit: 'h',
    price,
  });
  const price = serverPrice(deployment);
  return [
    ...serversOf(deployment).flatMap(({ name, region, standby }) => [
      hours(name, region, price),
      // AWS's price of a Multi-AZ instance is twice that of a single one.
      ...(standby ? [hours(`Multi-AZ standby of ${name}`, region, price)] : []),
    ]),
    ...multiAzClustersOf(deployment).map(({ region }) =>
      hours('writer and two readable standbys', region, `cluster/${instanceClass}`),
    ),
  ];
}

function serverPrice({ environment }: Deployment): ServerPrice {
  const { database } = environment;
  if (environment.topology !== 'aurora') return `instance/${database.instanceClass}` as ServerPrice;
  const kind = environment.database.storageType === 'aurora-iopt1' ? 'aurora-iopt1' : 'aurora';
  return `${kind}/${database.instanceClass}`;
}

/** `replica-blue` is told as `replica blue`, and `eu-west-1-replica-dublin` as `replica dublin`: its region is told anyway. */
function nameOf({ name, region }: Resource): string {
  return name.replace(`${region}-`, '').replace(/^(replica|reader)-/, '$1 ');
}
