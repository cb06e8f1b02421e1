export type { AuroraParameters, Parameters } from './parameters.generated';
export type { Duration, Size } from './units';
