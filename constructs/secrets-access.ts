import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { SecretsRoute } from './environment';
import { policyDocument } from './iam';
import type { FleetNetwork } from './network';
import { partitionOf } from './partition';
import { pin } from './pin';

const HTTPS = { ipProtocol: 'tcp', fromPort: 443, toPort: 443 };

/** How functions get to Secrets Manager, from which network, and the group of those that may. */
export interface SecretsAccessProps {
  /** E.g. `orders-production`. */
  readonly name: string;
  /** AWS region. */
  readonly region: string;
  /** Account that the secrets are in (token). */
  readonly accountId: string;
  readonly route: Exclude<SecretsRoute, { readonly kind: 'none' }>;
  readonly network: FleetNetwork;
  /** Group of the functions that are let through. */
  readonly functionsSecurityGroupId: string;
}

/** The way of the fleet's functions to Secrets Manager, and of nobody else. */
export class SecretsAccess extends Construct {
  /** Where to call it, when not under its usual name (token). */
  readonly endpointUrl: string | undefined;
  /** What a caller must wait for. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: SecretsAccessProps) {
    super(scope, id);
    const { network, route } = props;
    switch (route.kind) {
      case 'endpoint': {
        const { endpoint, rules } = this.endpoint(props);
        this.endpointUrl = `https://${endpoint.dnsEntry.get(0).dnsName}`;
        this.ready = [endpoint, ...rules];
        return;
      }
      case 'existing-endpoint':
        this.ready = [this.egress('functions-to-secrets', props, { referencedSecurityGroupId: route.securityGroupId })];
        return;
      case 'nat':
        this.ready = [
          ...[...new Set(route.destinations)].map((cidrIpv4) =>
            this.egress(`functions-to-${cidrIpv4.replace(/[./]/g, '-')}`, props, { cidrIpv4 }),
          ),
          ...(network.routes ?? []),
        ];
    }
  }

  /**
   * An endpoint without a private DNS name, which a VPC has once: where another has it, this one would fail; where none has, it
   * would take over the calls of everyone in the VPC.
   */
  private endpoint(props: SecretsAccessProps) {
    const { accountId, functionsSecurityGroupId, name, network, region } = props;
    const group = pin(
      new SecurityGroup(this, 'group', {
        name: `${name}-secrets`,
        description: 'Way of the functions of the database fleet to Secrets Manager',
        vpcId: network.vpcId,
        tags: { Name: `${name}-secrets` },
      }),
      'secrets',
    );
    const endpoint = pin(
      new VpcEndpoint(this, 'endpoint', {
        vpcId: network.vpcId,
        vpcEndpointType: 'Interface',
        serviceName: `com.amazonaws.${region}.secretsmanager`,
        privateDnsEnabled: false,
        // One: it is reached from every zone, is paid by zone, and is needed only while the fleet is deployed.
        subnetIds: network.subnetIds.slice(0, 1),
        securityGroupIds: [group.id],
        policy: JSON.stringify(
          policyDocument([
            // A ceiling. Which secret a function may read is said by its role.
            {
              Effect: 'Allow',
              Principal: '*',
              Action: 'secretsmanager:GetSecretValue',
              Resource: `arn:${partitionOf(region)}:secretsmanager:${region}:${accountId}:secret:*`,
            },
          ]),
        ),
        tags: { Name: `${name}-secrets` },
      }),
      'secrets',
    );
    const ingress = pin(
      new VpcSecurityGroupIngressRule(this, 'from-functions', {
        ...HTTPS,
        securityGroupId: group.id,
        referencedSecurityGroupId: functionsSecurityGroupId,
        description: 'HTTPS from the functions of the fleet',
      }),
      'secrets-from-functions',
    );
    const egress = this.egress('functions-to-secrets', props, { referencedSecurityGroupId: group.id });
    return { endpoint, rules: [ingress, egress] };
  }

  private egress(
    name: string,
    props: SecretsAccessProps,
    to: { readonly referencedSecurityGroupId: string } | { readonly cidrIpv4: string },
  ) {
    return pin(
      new VpcSecurityGroupEgressRule(this, name, {
        ...HTTPS,
        ...to,
        securityGroupId: props.functionsSecurityGroupId,
        description: 'HTTPS to Secrets Manager',
      }),
      name,
    );
  }
}
