import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { SecretsRoute } from './environment';
import type { FleetNetwork } from './network';

export interface SecretsAccessProps {
  /** E.g. `orders-production`. */
  readonly name: string;
  /** AWS region. */
  readonly region: string;
  readonly route: Exclude<SecretsRoute, { readonly kind: 'none' }>;
  readonly network: FleetNetwork;
  /** Group of the functions that are let through. */
  readonly functionsSecurityGroupId: string;
}

/** The way of the fleet's functions to Secrets Manager. */
export class SecretsAccess extends Construct {
  /** Where to call it, when not under its usual name (token). */
  readonly endpointUrl: string | undefined;
  /** What a caller must wait for. */
  readonly ready: readonly ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, _props: SecretsAccessProps) {
    super(scope, id);
  }
}
