import { createHash } from 'node:crypto';
import { DbEventSubscription } from '@cdktf/provider-aws/lib/db-event-subscription';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { FleetMembers } from '../members';
import { pin } from '../pin';

/**
 * What is told of each kind of source: what AWS Foundational Security Best Practices ask for (RDS.19 to RDS.21), and of servers also
 * that one has failed over, or that its storage is low. RDS.22 is about security groups outside of a VPC, which no fleet has.
 */
const CATEGORIES = {
  'db-instance': ['configuration change', 'failover', 'failure', 'low storage', 'maintenance'],
  'db-cluster': ['failover', 'failure', 'maintenance'],
  'db-parameter-group': ['configuration change'],
} as const;

export interface RdsEventsProps {
  /** E.g. `orders-production`. */
  readonly name: string;
  readonly members: FleetMembers;
  /** ARN of the topic (token). */
  readonly topicArn: string;
  /** The topic's policy and the servers: RDS subscribes to nothing that is not there. */
  readonly after: readonly ITerraformDependable[];
}

/** Tells the topic what RDS itself says of the fleet's servers: failures, failovers, maintenance. */
export class RdsEvents extends Construct {
  constructor(scope: Construct, id: string, props: RdsEventsProps) {
    super(scope, id);
    const { members } = props;
    const identifiers = members.instances.map(({ identifier }) => identifier).sort();
    // RDS cannot take a server off a subscription once that server is gone, and Terraform destroys it first. So other servers make
    // another subscription, by its name: the old one goes before the server does.
    const servers = createHash('sha256').update(identifiers.join(' ')).digest('hex').slice(0, 8);
    this.subscribe(props, 'db-instance', identifiers, `${props.name}-servers-${servers}`);
    if (members.topology !== 'instances') {
      this.subscribe(props, 'db-cluster', [members.proxyTarget.identifier], `${props.name}-cluster`);
    }
    if (members.parameterGroupName !== undefined) {
      this.subscribe(props, 'db-parameter-group', [members.parameterGroupName], `${props.name}-parameters`);
    }
  }

  private subscribe(props: RdsEventsProps, sourceType: keyof typeof CATEGORIES, sourceIds: string[], name: string) {
    pin(
      new DbEventSubscription(this, sourceType, {
        name,
        snsTopic: props.topicArn,
        sourceType,
        sourceIds,
        eventCategories: [...CATEGORIES[sourceType]],
        dependsOn: [...props.after],
      }),
      `alarms-${sourceType}`,
    );
  }
}
