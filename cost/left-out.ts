import { type Deployment, ofType } from './deployment';
import { type PriceTable, priceOf, type ServicePrice } from './prices';

/** What an estimate does not hold, told for one environment: always-true sentences first, then those of its topology. */
export function leftOut(deployment: Deployment, table: PriceTable): string[] {
  const { environment, resources } = deployment;
  const { region, topology } = environment;
  const at = (key: ServicePrice) => {
    const price = priceOf(table, region, key);
    return price ? `$${price.usd}` : 'an unknown price';
  };
  const isAurora = topology === 'aurora';
  const remote = resources.some((resource) => resource.region !== region);
  return [
    'data transfer, between zones and out of AWS, and what goes through endpoints, NAT and proxy',
    `backups and snapshots beyond what is free of charge, at ${at(isAurora ? 'aurora-backup-gib' : 'backup-gib')} per GiB: they grow with what is written, which is not known`,
    'requests: KMS, Secrets Manager, SNS, SQS, EventBridge, metrics that are looked at, DNS queries',
    'exported PostgreSQL logs, and keeping of logs',
    'free tiers, reserved instances, savings plans, discounts, support and taxes',
    ...(isAurora ? [auroraStorage(deployment, at)] : []),
    ...readersThatCome(deployment),
    ...('storage' in environment.database && 'maxSizeGiB' in environment.database.storage
      ? [`storage that RDS adds by itself, up to ${environment.database.storage.maxSizeGiB} GiB a server`]
      : []),
    ...(/^db\.t\d/.test(environment.database.instanceClass)
      ? ['CPU credits of burstable servers that run above their baseline for long']
      : []),
    ...(remote ? ['what replication sends from one region to another'] : []),
    ...(ofType(deployment, 'aws_kms_key').length > 0
      ? ['a dollar more per key after each of its first two rotations']
      : []),
  ];
}

function auroraStorage({ environment }: Deployment, at: (key: ServicePrice) => string): string {
  return 'storageType' in environment.database && environment.database.storageType === 'aurora-iopt1'
    ? `storage, at ${at('aurora-iopt1-gib')} per GiB: it grows by itself`
    : `storage, at ${at('aurora-gib')} per GiB, and I/O, at ${at('aurora-million-io')} per million: both grow by themselves`;
}

function readersThatCome({ environment }: Deployment): string[] {
  if (environment.topology !== 'aurora' || !environment.autoscaling) return [];
  const more = environment.autoscaling.maxReaders - Object.keys(environment.readers).length;
  return more > 0 ? [`readers that autoscaling adds, up to ${more} of the same class`] : [];
}
