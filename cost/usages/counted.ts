import { type Deployment, ofType, type Resource } from '../deployment';
import type { ServicePrice } from '../prices';
import type { Part, Usage } from '../usage';

/** In the order in which their regions are met. */
export function byRegion(resources: readonly Resource[]): [string, Resource[]][] {
  const regions = new Map<string, Resource[]>();
  for (const resource of resources) {
    const some = regions.get(resource.region) ?? [];
    some.push(resource);
    regions.set(resource.region, some);
  }
  return [...regions];
}

/** What is billed by the piece: one line for all resources of a type in a region. */
export function counted(
  deployment: Deployment,
  type: string,
  said: { readonly part: Part; readonly what: string; readonly price: ServicePrice },
): Usage[] {
  return byRegion(ofType(deployment, type)).map(([region, some]) => ({
    ...said,
    region,
    quantity: some.length,
    unit: '',
  }));
}
