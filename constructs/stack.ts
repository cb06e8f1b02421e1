import { TerraformResource, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { awsProvider } from './aws-provider';
import type { Environment } from './environment';
import { stateBackend } from './state-backend';

export interface ReadFleetStackProps {
  readonly environment: Environment;
  /**
   * Synthesise for plans without an AWS account: see `awsProvider` and `stateBackend`.
   * @default false
   */
  readonly offline?: boolean;
}

/** One line about a stack, for people. */
export interface StackSummary {
  readonly environment: string;
  readonly topology: Environment['topology'];
  /** The primary first, then the replicas. */
  readonly members: readonly string[];
  /** Resources that Terraform will manage. */
  readonly resources: number;
}

/** A whole fleet of one environment, self-contained: it refers to no other stack and looks nothing up. */
export class ReadFleetStack extends TerraformStack {
  readonly environment: Environment;

  constructor(scope: Construct, id: string, props: ReadFleetStackProps) {
    super(scope, id);
    const { environment, offline = false } = props;
    this.environment = environment;
    stateBackend(this, { ...environment, environment: environment.name, offline });
    awsProvider(this, { region: environment.region, offline });
  }
}

/** What `stack` consists of, counted on the constructs themselves. */
export function describeStack(stack: ReadFleetStack): StackSummary {
  return {
    environment: stack.environment.name,
    topology: stack.environment.topology,
    members: ['primary', ...Object.keys(stack.environment.replicas)],
    resources: stack.node.findAll().filter((node) => TerraformResource.isTerraformResource(node)).length,
  };
}
