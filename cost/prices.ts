import { EU_CENTRAL_1 } from './regions/eu-central-1';
import { EU_WEST_1 } from './regions/eu-west-1';
import { US_EAST_1 } from './regions/us-east-1';
import { SOURCES, type Source, type SourceId } from './sources';

/**
 * What a server costs per hour: `instance/…` one server of RDS for PostgreSQL in one zone, `cluster/…` a Multi-AZ DB cluster of
 * three, `aurora/…` one server of Aurora PostgreSQL, `aurora-iopt1/…` the same where I/O is not billed.
 */
export type ServerPrice = `${'instance' | 'cluster' | 'aurora' | 'aurora-iopt1'}/db.${string}`;

/** What else is billed, by its unit. `-gib`, `-iops`, `-mibps` and what has no unit in its name: per month. */
export type ServicePrice =
  | 'gp3-gib'
  | 'gp3-iops'
  | 'gp3-mibps'
  | 'io1-gib'
  | 'io1-iops'
  | 'io2-gib'
  | 'io2-iops'
  | 'aurora-gib'
  | 'aurora-iopt1-gib'
  | 'aurora-million-io'
  | 'backup-gib'
  | 'aurora-backup-gib'
  | 'proxy-vcpu-hour'
  | 'insights-vcpu-hour'
  | 'insights-retention-vcpu'
  | 'log-gib'
  | 'kms-key'
  | 'secret'
  | 'alarm-metric'
  | 'fast-alarm-metric'
  | 'composite-alarm'
  | 'metric'
  | 'dashboard'
  | 'endpoint-hour'
  | 'nat-hour'
  | 'address-hour'
  | 'zone'
  | 'health-check'
  | 'advanced-parameter'
  | 'lambda-gb-second'
  | 'lambda-million-requests';

export type PriceKey = ServerPrice | ServicePrice;

export interface Price {
  /** US dollars per unit. */
  readonly usd: number;
  readonly source: SourceId;
}

export type RegionPrices = Readonly<Partial<Record<PriceKey, Price>>>;

/** On demand, in US dollars, without taxes, free tiers and discounts. */
export interface PriceTable {
  /** Day on which the table was last worked on; each source has its own. */
  readonly date: string;
  readonly sources: Readonly<Record<SourceId, Source>>;
  readonly regions: Readonly<Record<string, RegionPrices>>;
}

export const PRICE_TABLE: PriceTable = {
  date: '2026-11-21',
  sources: SOURCES,
  regions: { 'eu-central-1': EU_CENTRAL_1, 'eu-west-1': EU_WEST_1, 'us-east-1': US_EAST_1 },
};

/** Undefined where the table knows none: never a guess, never zero. */
export function priceOf(table: PriceTable, region: string, key: PriceKey): Price | undefined {
  return Object.hasOwn(table.regions, region) ? table.regions[region]?.[key] : undefined;
}
