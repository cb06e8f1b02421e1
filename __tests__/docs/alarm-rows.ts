import { checked, checkedAurora, checkedCluster } from '../constructs/support/environments';
import { type Attributes, synthesise } from '../constructs/support/synth';

/** Of one size each, so that what is a share of something is the same in all. */
const parameters = { max_connections: 1000 };
const STACKS = [
  ['instances', synthesise(checked({ proxy: {} }, { parameters, storage: { sizeGiB: 400 } }))],
  [
    'multi-az-cluster',
    synthesise(checkedCluster({ proxy: {} }, { parameters, storage: { type: 'gp3', sizeGiB: 400 } })),
  ],
  ['aurora', synthesise(checkedAurora({ proxy: {} }, { parameters }))],
] as const;

type Row = readonly string[];

/** A row for each alarm on a metric: what differs by the server alone is one. */
export function metricRows(): readonly Row[] {
  return merged('aws_cloudwatch_metric_alarm', (alarm, topologies) => {
    const { comparison_operator: comparison, datapoints_to_alarm: points, evaluation_periods: of } = alarm;
    const minutes = Number(alarm.period) / 60;
    const condition = `${alarm.statistic} ${comparison === 'LessThanThreshold' ? '<' : '>'} ${alarm.threshold}`;
    const window = `${points} of ${of} × ${minutes} min`;
    return [
      `\`${name(alarm)}\``,
      topologies,
      `${alarm.namespace} \`${alarm.metric_name}\``,
      `${condition}, ${window}`,
      alarm.treat_missing_data === 'breaching' ? 'alarm' : 'well',
      ...description(alarm),
    ];
  });
}

/** A row for each alarm on other alarms. */
export function compositeRows(): readonly Row[] {
  return merged('aws_cloudwatch_composite_alarm', (alarm, topologies) => [
    `\`${name(alarm)}\``,
    topologies,
    ...description(alarm),
  ]);
}

function merged(type: string, row: (alarm: Attributes, topologies: string) => Row): readonly Row[] {
  const topologies = new Map<string, Set<string>>();
  const alarms = new Map<string, Attributes>();
  for (const [topology, { resource }] of STACKS) {
    for (const alarm of Object.values(resource[type] ?? {})) {
      const key = row(alarm, '').join('|');
      topologies.set(key, (topologies.get(key) ?? new Set()).add(topology));
      alarms.set(key, alarm);
    }
  }
  return [...alarms]
    .map(([key, alarm]) => {
      const where = [...(topologies.get(key) ?? [])];
      return row(alarm, where.length === STACKS.length ? 'all' : where.join(', '));
    })
    .sort(([a = '', whereA = ''], [b = '', whereB = '']) => a.localeCompare(b) || whereA.localeCompare(whereB));
}

/** Longer names first: `primary-instance` is no `primary`. */
const SERVERS = /\b(?:primary-instance|instance-[123]|primary|blue)\b/g;
const ON_A_SERVER = /^orders-test-(?:primary-instance|instance-[123]|primary|blue)-/;

function name({ alarm_name: full }: Attributes): string {
  const text = String(full);
  return text.replace(ON_A_SERVER, '{server}-').replace(/^orders-test-/, '');
}

/** What it means and what to look at first; the name of a server stands for any. */
function description(alarm: Attributes): Row {
  const text = String(alarm.alarm_description).replaceAll('orders-test', '{fleet}');
  const general = ON_A_SERVER.test(String(alarm.alarm_name)) ? generalised(text, String(alarm.alarm_name)) : text;
  return general.split(' First: ');
}

function generalised(text: string, alarmName: string): string {
  const [server = ''] = ON_A_SERVER.exec(alarmName)?.[0].slice('orders-test-'.length).match(SERVERS) ?? [];
  return text.replace(new RegExp(`(?<!the )\\b${server}\\b(?!-)`, 'g'), '{server}');
}
