import type { EngineMajor } from '../environment/types/database';
import { GENERATED } from './catalogue.generated';
import type { CatalogueEntry, Flavour, ParameterSpec } from './spec';
import type { AuroraParameters, Parameters } from './types';

/** Every parameter that readfleet knows, by name, those included that RDS lets nobody set. */
export const CATALOGUE = GENERATED;

/** A parameter that can be set, on RDS or on Aurora. */
export type ParameterName = keyof Parameters | keyof AuroraParameters;

/** The names of those that can be set. */
export const PARAMETER_NAMES = Object.keys(CATALOGUE).filter(
  (name) => CATALOGUE[name]?.type !== 'fixed',
) as ParameterName[];

/** What is known of a parameter, or nothing when it is not in the catalogue. */
export function entryOf(name: string): CatalogueEntry | undefined {
  return Object.hasOwn(CATALOGUE, name) ? CATALOGUE[name] : undefined;
}

/** Where parameters are going. What is not said is not checked. */
export interface ParameterTarget {
  readonly engineMajor?: EngineMajor;
  readonly flavour?: Flavour;
}

/** A parameter as it is there: as older majors have it, and as Aurora takes it. */
export function specFor(spec: ParameterSpec, { engineMajor, flavour }: ParameterTarget): ParameterSpec {
  const { earlier } = spec;
  const ofMajor = earlier && engineMajor !== undefined && engineMajor <= earlier.until ? earlier : spec;
  return flavour === 'aurora' && ofMajor.aurora ? ({ ...ofMajor, ...ofMajor.aurora } as ParameterSpec) : ofMajor;
}
