import { DbParameterGroup } from '@cdktf/provider-aws/lib/db-parameter-group';
import { Construct } from 'constructs';
import type { EngineMajor } from './environment';
import { parameterGroupConfig } from './parameters/group';
import type { Parameters } from './parameters/types';
import { pin } from './pin';

/** The parameters that a primary and its replicas share, and the major version that they are for. */
export interface ParameterGroupProps {
  /** E.g. `orders-production`; the family is appended. */
  readonly name: string;
  readonly engineMajor: EngineMajor;
  /** Settings in human units. Nothing is added: see `parameterDefaults`. */
  readonly parameters: Parameters;
}

/** The settings of a primary instance and all its replicas. */
export class ParameterGroup extends Construct {
  readonly name: string;

  /** @throws InvalidConfigError `READFLEET_PARAMETERS_INVALID`, with every parameter that was refused */
  constructor(scope: Construct, id: string, props: ParameterGroupProps) {
    super(scope, id);
    const config = parameterGroupConfig(this.node.path, { ...props, flavour: 'instance' });
    this.name = pin(new DbParameterGroup(this, 'group', config), 'fleet').name;
  }
}
