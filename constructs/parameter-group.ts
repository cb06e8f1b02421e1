import { DbParameterGroup } from '@cdktf/provider-aws/lib/db-parameter-group';
import { Construct } from 'constructs';
import { InvalidConfigError } from '../lib/errors';
import { formatProblems } from '../lib/problems';
import type { EngineMajor } from './environment';
import { convertParameters } from './parameters/convert';
import type { Parameters } from './parameters/types';
import { pin } from './pin';

export interface ParameterGroupProps {
  /** E.g. `orders-production`; the family is appended. */
  readonly name: string;
  readonly engineMajor: EngineMajor;
  /** Settings in human units. Nothing is added: see `PARAMETER_DEFAULTS`. */
  readonly parameters: Parameters;
}

/**
 * The settings of all members: one group, because a standby whose connections, workers or locks are fewer than the primary's
 * stops replaying.
 *
 * The name carries the family and a new group is made before the old one goes, since a major upgrade needs both for a while.
 */
export class ParameterGroup extends Construct {
  readonly name: string;

  /** @throws InvalidConfigError `READFLEET_PARAMETERS_INVALID`, with every parameter that was refused */
  constructor(scope: Construct, id: string, props: ParameterGroupProps) {
    super(scope, id);
    const { parameters, problems } = convertParameters(props.parameters);
    if (problems.length > 0) {
      throw new InvalidConfigError('READFLEET_PARAMETERS_INVALID', formatProblems(this.node.path, problems), problems);
    }
    const family = `postgres${props.engineMajor}`;
    const group = new DbParameterGroup(this, 'group', {
      name: `${props.name}-${family}`,
      family,
      description: `Settings of all members of the database fleet ${props.name}`,
      parameter: [...parameters],
      lifecycle: { createBeforeDestroy: true },
    });
    this.name = pin(group, 'fleet').name;
  }
}
