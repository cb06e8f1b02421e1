import { checked } from '../support/environments';
import { synthesise, tf } from '../support/synth';

const stack = synthesise(checked());
const dashboard = stack.one('aws_cloudwatch_dashboard', 'fleet');

interface Body {
  readonly widgets: readonly { readonly type: string; readonly properties: { readonly alarms?: readonly string[] } }[];
}
const body = (synthesised = stack) =>
  JSON.parse(String(synthesised.one('aws_cloudwatch_dashboard', 'fleet').dashboard_body)) as Body;

test('a fleet has one, by its name', () => {
  expect(Object.keys(stack.resource.aws_cloudwatch_dashboard ?? {})).toEqual(['fleet']);
  expect(dashboard.dashboard_name).toBe('orders-test');
});

test('it shows the state of every alarm that tells people, the worst first', () => {
  const composites = Object.keys(stack.resource.aws_cloudwatch_composite_alarm ?? {});
  const shown = body().widgets[0]?.properties.alarms ?? [];

  expect(shown[0]).toBe(tf('aws_cloudwatch_composite_alarm.alarm-reads-on-primary.arn'));
  expect([...shown].sort()).toEqual(composites.map((id) => tf(`aws_cloudwatch_composite_alarm.${id}.arn`)).sort());
});

test('without alarms it shows the metrics alone', () => {
  const silent = synthesise(checked({ alarms: { enabled: false } }));

  expect(silent.resource.aws_cloudwatch_composite_alarm).toBeUndefined();
  expect(silent.resource.aws_sns_topic).toBeUndefined();
  expect(body(silent).widgets.map(({ type }) => type)).not.toContain('alarm');
});
