export { CATALOGUE, entryOf, PARAMETER_NAMES, type ParameterName, type ParameterTarget } from './catalogue';
export { type Converted, convertParameters, type RdsParameter } from './convert';
export { type ApplyMethod, type CustomParameter, custom, isCustom } from './custom';
export { PARAMETER_DEFAULTS, parameterDefaults } from './defaults';
export { memoryGiB } from './instance-memory';
export type {
  CatalogueEntry,
  DurationUnit,
  FixedBecause,
  FixedSpec,
  Flavour,
  ParameterSpec,
  SizeUnit,
} from './spec';
export type { AuroraParameters, Duration, Parameters, Size } from './types';
