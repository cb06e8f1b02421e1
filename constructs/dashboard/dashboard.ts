import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { Construct } from 'constructs';
import { prefix } from '../environment';
import { pin } from '../pin';
import { type DashboardBodyProps, dashboardBody } from './body';

/** What is shown; the dashboard itself is named after fleet and environment. */
export type DashboardProps = DashboardBodyProps;

/** One CloudWatch dashboard for a fleet. */
export class Dashboard extends Construct {
  /** Name of the dashboard, a plain text. */
  readonly dashboardName: string;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    this.dashboardName = prefix(props.fleet, props.environment);
    pin(
      new CloudwatchDashboard(this, 'dashboard', {
        dashboardName: this.dashboardName,
        dashboardBody: JSON.stringify(dashboardBody(props)),
      }),
      'fleet',
    );
  }
}
