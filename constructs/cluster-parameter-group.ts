import { RdsClusterParameterGroup } from '@cdktf/provider-aws/lib/rds-cluster-parameter-group';
import { Construct } from 'constructs';
import type { EngineMajor } from './environment';
import { parameterGroupConfig } from './parameters/group';
import type { AuroraParameters, Parameters } from './parameters/types';
import { pin } from './pin';

/** The parameters that all members of a cluster share, and the engine that they are for. */
export interface ClusterParameterGroupProps {
  /** E.g. `orders-production`; the family is appended. */
  readonly name: string;
  /** Of a Multi-AZ DB cluster, or of an Aurora cluster, whose parameters are others. */
  readonly flavour: 'cluster' | 'aurora';
  readonly engineMajor: EngineMajor;
  /** Settings in human units. Nothing is added: see `parameterDefaults`. */
  readonly parameters: Parameters | AuroraParameters;
}

/**
 * The settings of all members of a cluster.
 *
 * Aurora has groups of instances beside it, which override this one and could let members differ: none is made.
 */
export class ClusterParameterGroup extends Construct {
  readonly name: string;

  /** @throws InvalidConfigError `READFLEET_PARAMETERS_INVALID`, with every parameter that was refused */
  constructor(scope: Construct, id: string, props: ClusterParameterGroupProps) {
    super(scope, id);
    const config = parameterGroupConfig(this.node.path, props);
    this.name = pin(new RdsClusterParameterGroup(this, 'group', config), 'fleet').name;
  }
}
