/**
 * How a function in the fleet's subnets reaches Secrets Manager, which the bootstrap of the database roles needs. The emitter
 * needs no way out at all.
 *
 * - `endpoint`: an interface endpoint is made for the fleet. It has no private DNS name, so it never meets one that the VPC has.
 * - `existing-endpoint`: the VPC has one, with private DNS; its security group must let the fleet's functions in.
 * - `nat`: the subnets of an existing network have a NAT gateway; a created network gets one. Only `destinations` are reachable.
 * - `none`: no way; the roles are then made by hand (`bootstrap: { kind: 'manual' }`).
 */
export type SecretsRoute =
  | { readonly kind: 'endpoint' }
  | { readonly kind: 'existing-endpoint'; readonly securityGroupId: `sg-${string}` }
  | {
      readonly kind: 'nat';
      /** IPv4 blocks of Secrets Manager in the region, from AWS's published ranges. Never `0.0.0.0/0`. */
      readonly destinations: readonly string[];
    }
  | { readonly kind: 'none' };

interface NetworkBase {
  /** @default { kind: 'endpoint' } */
  readonly secretsRoute?: SecretsRoute;
}

/** A VPC that others own. Nothing is looked up: what is needed is said here. */
export interface ExistingNetwork extends NetworkBase {
  readonly kind: 'existing';
  readonly vpcId: string;
  /** Private subnet by zone: `{ 'eu-central-1a': 'subnet-…' }`. Members can be placed in these zones only. */
  readonly subnets: Readonly<Record<string, string>>;
}

/** A VPC for the fleet alone, with one private subnet per zone. */
export interface NetworkToCreate extends NetworkBase {
  readonly kind: 'create';
  /** IPv4 block of the VPC, /16 to /24. Each zone letter owns an eighth of it, so that no zone moves another. */
  readonly cidr: string;
  /** E.g. `['eu-central-1a', 'eu-central-1b']`. */
  readonly zones: readonly string[];
}

/** Where the members live. Private subnets, at least two zones; three for a Multi-AZ cluster. */
export type Network = ExistingNetwork | NetworkToCreate;
