import { InvalidConfigError } from '../../lib/errors';
import { formatProblems } from '../../lib/problems';
import type { EngineMajor } from '../environment/types/database';
import { convertParameters } from './convert';
import { parameterFamily } from './flavour';
import type { Flavour } from './spec';
import type { AuroraParameters, Parameters } from './types';

export interface ParameterGroupSettings {
  /** E.g. `orders-production`; the family is appended. */
  readonly name: string;
  readonly flavour: Flavour;
  readonly engineMajor: EngineMajor;
  /** Settings in human units. Nothing is added: see `parameterDefaults`. */
  readonly parameters: Parameters | AuroraParameters;
}

/**
 * What a parameter group of instances and one of a cluster have in common: Terraform's arguments for either.
 *
 * One group serves all members, because a standby whose connections, workers, WAL senders, prepared transactions or locks are
 * fewer than the primary's stops replaying.
 *
 * The name carries the family and a new group is made before the old one goes, since a major upgrade needs both for a while.
 *
 * @param path where the group stands, for the message
 * @throws InvalidConfigError `READFLEET_PARAMETERS_INVALID`, with every parameter that was refused
 */
export function parameterGroupConfig(path: string, settings: ParameterGroupSettings) {
  const { name, flavour, engineMajor } = settings;
  const { parameters, problems } = convertParameters(settings.parameters, { engineMajor, flavour });
  if (problems.length > 0) {
    throw new InvalidConfigError('READFLEET_PARAMETERS_INVALID', formatProblems(path, problems), problems);
  }
  const family = parameterFamily(flavour, engineMajor);
  return {
    name: `${name}-${family}`,
    family,
    description: `Settings of all members of the database fleet ${name}`,
    parameter: [...parameters],
    lifecycle: { createBeforeDestroy: true },
  };
}
