import { KNOWN_LATER, type Stack, withoutReferences } from '../static-contract';

export interface CloudWatchBody {
  readonly widgets: readonly unknown[];
}

/** The dashboard of a stack, but for widgets of what has its name once it is deployed: alarms. */
export function cloudwatchDashboard(
  stack: Stack,
): { readonly body: CloudWatchBody; readonly leftOut: number } | undefined {
  const [dashboard] = Object.values(stack.resource?.aws_cloudwatch_dashboard ?? {});
  const text = dashboard?.dashboard_body;
  if (typeof text !== 'string') return undefined;
  const body = JSON.parse(withoutReferences(text)) as CloudWatchBody;
  const widgets = body.widgets.filter((widget) => !JSON.stringify(widget).includes(KNOWN_LATER));
  return { body: { ...body, widgets }, leftOut: body.widgets.length - widgets.length };
}
