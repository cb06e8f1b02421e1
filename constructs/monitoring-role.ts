import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Construct } from 'constructs';
import { partitionOf } from './partition';
import { pin } from './pin';

export interface MonitoringRoleProps {
  /** Name of the role, at most 64 characters. */
  readonly name: string;
  /** AWS region: it decides the partition of the policy's ARN. */
  readonly region: string;
}

/** What enhanced monitoring writes its samples with. Without it RDS refuses an interval other than 0. */
export class MonitoringRole extends Construct {
  readonly arn: string;
  /** Members must wait for it: RDS tries the role when a member is created. */
  readonly attachment: IamRolePolicyAttachment;

  constructor(scope: Construct, id: string, props: MonitoringRoleProps) {
    super(scope, id);
    const role = pin(
      new IamRole(this, 'role', {
        name: props.name,
        description: 'Lets RDS write the samples of enhanced monitoring',
        assumeRolePolicy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'monitoring.rds.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        }),
      }),
      'monitoring',
    );
    this.attachment = pin(
      new IamRolePolicyAttachment(this, 'policy', {
        role: role.name,
        policyArn: `arn:${partitionOf(props.region)}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole`,
      }),
      'monitoring',
    );
    this.arn = role.arn;
  }
}
