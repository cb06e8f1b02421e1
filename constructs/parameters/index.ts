export { CATALOGUE, PARAMETER_NAMES, type ParameterName, specOf } from './catalogue';
export { type Converted, convertParameters, type RdsParameter } from './convert';
export { type ApplyMethod, type CustomParameter, custom, isCustom } from './custom';
export { PARAMETER_DEFAULTS } from './defaults';
export { memoryGiB } from './instance-memory';
export type { ParameterSpec } from './spec';
export type { Duration, Parameters, Size, ValueOf } from './types';
