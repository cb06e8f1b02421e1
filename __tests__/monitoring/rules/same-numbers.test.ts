/** One environment, three ways to be told: CloudWatch's alarms, Prometheus's alerts, Grafana's lines. They say one thing. */
import { parse } from 'yaml';
import { parseContract } from '../../../lib/contract';
import { grafanaDashboard, prometheusRules } from '../../../monitoring/rules';
import { checked, checkedCluster } from '../../constructs/support/environments';
import { type Attributes, type Synthesised, synthesise } from '../../constructs/support/synth';

const CHANGED = {
  lag: { warningSeconds: 2.5, criticalSeconds: 20 },
  alarms: { thresholds: { unhealthyMinutes: 7 } },
} as const;

const STACKS = [
  ['with changed thresholds', synthesise(checked(CHANGED))],
  ['with the defaults', synthesise(checked())],
  ['of a cluster', synthesise(checkedCluster(CHANGED))],
] as const;

/** As the app gets it: Terraform fills in the addresses. */
function contractOf(stack: Synthesised) {
  const text = String(stack.one('aws_ssm_parameter', 'contract').insecure_value);
  return parseContract(text.replace(/\$\{[^}]*\}/g, 'filled-in'));
}

/** Thresholds of the first read server's alarms, and how many minutes must breach. */
function ofCloudWatch(stack: Synthesised) {
  const alarms = Object.values(stack.resource.aws_cloudwatch_metric_alarm ?? {});
  const alarm = (ending: string): Attributes => {
    const found = alarms.find(({ alarm_name }) => String(alarm_name).endsWith(ending));
    if (!found) throw new Error(`No alarm ends in ${ending}.`);
    return found;
  };
  const minutes = ({ datapoints_to_alarm, period }: Attributes) => (Number(datapoints_to_alarm) * Number(period)) / 60;
  return {
    warning: [alarm('-lag-warning').threshold, minutes(alarm('-lag-warning'))],
    critical: [alarm('-lag-critical').threshold, minutes(alarm('-lag-critical'))],
    unhealthyMinutes: minutes(alarm('-unhealthy')),
  };
}

function ofPrometheus(stack: Synthesised) {
  const { groups } = parse(prometheusRules(contractOf(stack))) as {
    groups: readonly { rules: readonly { alert: string; expr: string; for: string; labels: { severity: string } }[] }[];
  };
  const rule = (name: string, severity: string) => {
    const found = groups[0]?.rules.find(({ alert, labels }) => alert === name && labels.severity === severity);
    if (!found) throw new Error(`No rule is ${name} ${severity}.`);
    return {
      threshold: Number(/> ([\d.]+)\)/.exec(found.expr)?.[1]),
      minutes: Number(/^(\d+)m$/.exec(found.for)?.[1]),
    };
  };
  const lag = (severity: string) => {
    const { minutes, threshold } = rule('HighReplicationLag', severity);
    return [threshold, minutes];
  };
  return {
    warning: lag('warning'),
    critical: lag('critical'),
    unhealthyMinutes: rule('ReplicaUnhealthy', 'critical').minutes,
  };
}

/** Where the lines are in the graph of lag. */
function linesOfGrafana(stack: Synthesised) {
  const panel = grafanaDashboard(contractOf(stack)).panels.find(({ title }) => title === 'Lag');
  if (!panel) throw new Error('There is no panel of lag.');
  const { defaults } = panel.fieldConfig as {
    defaults: { thresholds: { steps: readonly { value: number | null }[] } };
  };
  return defaults.thresholds.steps.map(({ value }) => value);
}

function linesOfCloudWatch(stack: Synthesised) {
  const body = JSON.parse(String(stack.one('aws_cloudwatch_dashboard', 'fleet').dashboard_body)) as {
    widgets: readonly { properties: { title?: string; annotations?: { horizontal?: readonly { value: number }[] } } }[];
  };
  const lag = body.widgets.find(({ properties }) => properties.title === 'Lag');
  return lag?.properties.annotations?.horizontal?.map(({ value }) => value);
}

describe.each(STACKS)('an environment %s', (_, stack) => {
  test('has alerts in Prometheus at what its alarms in CloudWatch have', () => {
    expect(ofPrometheus(stack)).toEqual(ofCloudWatch(stack));
  });

  test('has lines on both dashboards at what its alarms have', () => {
    const { critical, warning } = ofCloudWatch(stack);

    expect(linesOfGrafana(stack)).toEqual([null, warning[0], critical[0]]);
    expect(linesOfCloudWatch(stack)).toEqual([warning[0], critical[0]]);
  });
});

test('what was changed is what is compared', () => {
  expect(ofCloudWatch(STACKS[0][1])).toEqual({ warning: [2.5, 3], critical: [20, 2], unhealthyMinutes: 7 });
  expect(ofCloudWatch(STACKS[1][1])).toEqual({ warning: [1, 3], critical: [5, 2], unhealthyMinutes: 2 });
});
