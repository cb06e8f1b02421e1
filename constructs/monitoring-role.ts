import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Construct } from 'constructs';
import { monitoringRoleName } from './environment';
import { assumedBy } from './iam';
import { partitionOf } from './partition';
import { pin } from './pin';

/** Name and region of a role of enhanced monitoring. `monitoringRole()` makes both from the fleet. */
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
        assumeRolePolicy: assumedBy('monitoring.rds.amazonaws.com'),
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

/** The role, where members are monitored at all. */
export function monitoringRole(
  scope: Construct,
  props: {
    readonly fleet: string;
    readonly environment: string;
    readonly region: string;
    /** Seconds between samples; 0 is off. */
    readonly intervalSeconds: number;
  },
): MonitoringRole | undefined {
  if (props.intervalSeconds === 0) return undefined;
  const name = monitoringRoleName(props.fleet, props.environment);
  return new MonitoringRole(scope, 'monitoring', { name, region: props.region });
}
