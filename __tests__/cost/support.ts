import type { Environment } from '../../constructs';
import type { Deployment, Resource } from '../../cost/deployment';
import type { PriceKey, PriceTable } from '../../cost/prices';
import { SOURCES, type SourceId } from '../../cost/sources';
import type { Usage } from '../../cost/usage';

/** A resource in the environment's region. */
export function resource(type: string, name: string, attributes: Resource['attributes'] = {}, region = 'eu-central-1') {
  return { type, name, region, attributes };
}

/** With two readers. */
export function deployed(environment: Environment, ...resources: Resource[]): Deployment {
  return { environment, resources, readers: 2 };
}

/** Round prices that no one confuses with AWS's. */
export function tableOf(
  prices: Readonly<Partial<Record<PriceKey, number>>>,
  source: SourceId = 'frankfurt-list',
  region = 'eu-central-1',
): PriceTable {
  const entries = Object.entries(prices).map(([key, usd]) => [key, { usd, source }]);
  return { date: '2026-01-31', sources: SOURCES, regions: { [region]: Object.fromEntries(entries) } };
}

/** What a test of quantities looks at. */
export function inShort(usages: readonly Usage[]): string[] {
  return usages.map(({ what, quantity, unit, price }) => `${what}: ${quantity} ${unit || 'pieces'} at ${price}`);
}
