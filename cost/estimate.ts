import type { Environment } from '../constructs';
import type { Deployment } from './deployment';
import { leftOut } from './left-out';
import { PRICE_TABLE, type PriceTable, priceOf } from './prices';
import type { SourceId } from './sources';
import type { Usage } from './usage';
import { functionUsages } from './usages/functions';
import { keepingUsages } from './usages/keeping';
import { networkUsages } from './usages/network';
import { proxyUsages } from './usages/proxy';
import { serverUsages } from './usages/servers';
import { storageUsages } from './usages/storage';
import { alarmUsages, insightUsages } from './usages/watching';

/** A line of an estimate. */
export interface CostItem extends Usage {
  /** US dollars per unit; undefined where the table knows no price. */
  readonly unitPrice: number | undefined;
  readonly source: SourceId | undefined;
  /** US dollars per month; undefined where price or quantity is. */
  readonly monthly: number | undefined;
}

/** What an environment costs per month, in US dollars. */
export interface Estimate {
  readonly environment: string;
  readonly fleet: string;
  readonly topology: Environment['topology'];
  readonly region: string;
  readonly items: readonly CostItem[];
  /** Of the items that have a price. */
  readonly monthly: number;
  /** What of it rests on prices that nobody read: see `Source`. */
  readonly monthlyFromMemory: number;
  /** Whether every item has one. Where not, `monthly` is the least that it costs. */
  readonly complete: boolean;
  readonly leftOut: readonly string[];
}

/** What is deployed, priced. Every item is there, with or without a price. */
export function estimate(deployment: Deployment, table: PriceTable = PRICE_TABLE): Estimate {
  const { name, fleet, region, topology } = deployment.environment;
  const items = usagesOf(deployment).map((usage) => priced(usage, table));
  return {
    environment: name,
    fleet,
    topology,
    region,
    items,
    monthly: sumOf(items),
    monthlyFromMemory: sumOf(
      items.filter(({ source }) => source !== undefined && table.sources[source].kind === 'memory'),
    ),
    complete: items.every(({ monthly }) => monthly !== undefined),
    leftOut: leftOut(deployment, table),
  };
}

function sumOf(items: readonly CostItem[]): number {
  return items.reduce((total, { monthly = 0 }) => total + monthly, 0);
}

function usagesOf(deployment: Deployment): Usage[] {
  return [
    serverUsages,
    storageUsages,
    proxyUsages,
    insightUsages,
    alarmUsages,
    functionUsages,
    networkUsages,
    keepingUsages,
  ].flatMap((usages) => usages(deployment));
}

function priced(usage: Usage, table: PriceTable): CostItem {
  const price = priceOf(table, usage.region, usage.price);
  return {
    ...usage,
    unitPrice: price?.usd,
    source: price?.source,
    monthly: price === undefined || usage.quantity === undefined ? undefined : price.usd * usage.quantity,
  };
}
