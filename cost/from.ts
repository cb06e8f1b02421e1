import type { PriceKey, RegionPrices } from './prices';
import type { SourceId } from './sources';

/** Prices that have one source, in US dollars. */
export function from(source: SourceId, prices: Readonly<Partial<Record<PriceKey, number>>>): RegionPrices {
  return Object.fromEntries(
    Object.entries(prices).flatMap(([key, usd]) => (usd === undefined ? [] : [[key, { usd, source }]])),
  );
}
