export { FleetPool, type PoolKind } from './fleet-pool';
export type { FacadeHost } from './host';
