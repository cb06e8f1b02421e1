import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group';
import { Construct } from 'constructs';
import { pin } from './pin';

/** Name and subnets of a group. The subnets decide in which zones there can be members. */
export interface SubnetGroupProps {
  /** E.g. `orders-production`. */
  readonly name: string;
  /** Private subnets, in at least two zones. */
  readonly subnetIds: readonly string[];
}

/** The subnets that RDS may place members in. Replicas of the same region take the primary's. */
export class SubnetGroup extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: SubnetGroupProps) {
    super(scope, id);
    const group = new DbSubnetGroup(this, 'group', {
      name: props.name,
      description: `Private subnets of the database fleet ${props.name}`,
      subnetIds: [...props.subnetIds],
    });
    this.name = pin(group, 'fleet').name;
  }
}
