import { alarmsIn, RULE_ALARMS, RULE_LENGTH } from '../../../constructs/alarms/expression';
import { memberIdentifier, RDS_IDENTIFIER_LENGTH } from '../../../constructs/environment';
import { tf } from '../support/synth';
import { compositeAlarms, fleet, members, metricAlarms, specified, synthesised } from './support';

const stacks = [
  ['instances', synthesised()],
  ['multi-az-cluster', synthesised(fleet('multi-az-cluster'))],
  ['aurora', synthesised(fleet('aurora'))],
] as const;

describe.each(stacks)('the alarms of %s', (_, stack) => {
  test('on metrics tell nobody themselves', () => {
    for (const alarm of Object.values(metricAlarms(stack))) {
      expect(alarm).not.toHaveProperty('alarm_actions');
      expect(alarm).not.toHaveProperty('ok_actions');
      expect(alarm).not.toHaveProperty('actions_enabled');
    }
  });

  test('on other alarms tell the topic when they go off, and when they are over', () => {
    const topic = [tf('aws_sns_topic.alarms.arn')];

    expect(Object.keys(compositeAlarms(stack)).length).toBeGreaterThan(5);
    for (const alarm of Object.values(compositeAlarms(stack))) {
      expect(alarm).toMatchObject({ alarm_actions: topic, ok_actions: topic });
      expect(alarm).not.toHaveProperty('actions_suppressor');
    }
  });

  test('on metrics are made before the old ones go, so that a composite never speaks of one that is gone', () => {
    for (const alarm of Object.values(metricAlarms(stack))) {
      expect(alarm.lifecycle).toEqual({ create_before_destroy: true });
    }
  });

  test('on metrics refer to nothing: what they depend on would be made before the old one goes, too', () => {
    for (const alarm of Object.values(metricAlarms(stack))) {
      expect(alarm).not.toHaveProperty('depends_on');
      expect(JSON.stringify(alarm)).not.toContain('${');
    }
  });

  test('on other alarms refer to those, so that they come after', () => {
    for (const { alarm_rule: rule } of Object.values(compositeAlarms(stack))) {
      expect(rule).toMatch(/^[(A-Z"]/);
      expect(String(rule).match(/"[^"]*"/g)).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^"\$\{aws_cloudwatch_metric_alarm\.alarm-[\w-]+\.alarm_name\}"$/),
        ]),
      );
    }
  });

  test('have names of their own that begin with the fleet, and logical ids that end as they do', () => {
    const all = [...Object.entries(metricAlarms(stack)), ...Object.entries(compositeAlarms(stack))];
    const names = all.map(([, alarm]) => String(alarm.alarm_name));

    expect(new Set(names).size).toBe(names.length);
    for (const [id, alarm] of all) expect(`orders-test-${id.slice('alarm-'.length)}`).toBe(alarm.alarm_name);
  });

  test('say what it means and what to look at first, in what CloudWatch takes', () => {
    for (const alarm of [...Object.values(metricAlarms(stack)), ...Object.values(compositeAlarms(stack))]) {
      expect(alarm.alarm_description).toMatch(/^[A-Za-z].{20,}\. First: .{10,}\.$/s);
      expect(String(alarm.alarm_description).length).toBeLessThanOrEqual(1_024);
    }
  });

  test('name no unit: they would see only what was emitted with it', () => {
    for (const alarm of Object.values(metricAlarms(stack))) expect(alarm).not.toHaveProperty('unit');
  });

  test('end within a day, which is as far as CloudWatch looks back', () => {
    for (const { evaluation_periods: periods, period } of Object.values(metricAlarms(stack))) {
      expect(Number(periods) * Number(period)).toBeLessThanOrEqual(86_400);
    }
  });
});

describe('with fifteen readers whose names are as long as RDS takes them', () => {
  const room = RDS_IDENTIFIER_LENGTH - memberIdentifier('orders', 'test', '').length;
  const names = Array.from({ length: 15 }, (_, index) => `r${index}`.padEnd(room, 'x'));
  const stack = synthesised(fleet('instances', { members: members('instances', names) }));
  const { composites } = specified(fleet('instances', { members: members('instances', names) }));
  const byReference = (rule: unknown) =>
    String(rule).replace(/\$\{aws_cloudwatch_metric_alarm\.alarm-([\w-]+)\.alarm_name\}/g, 'orders-test-$1');

  test('rules are no longer than CloudWatch takes', () => {
    for (const { alarm_rule: rule } of Object.values(compositeAlarms(stack))) {
      expect(byReference(rule)).not.toContain('${');
      expect(byReference(rule).length).toBeLessThanOrEqual(RULE_LENGTH);
    }
  });

  test('rules speak of no more alarms than CloudWatch takes', () => {
    for (const { rule } of composites) expect(alarmsIn(rule).length).toBeLessThanOrEqual(RULE_ALARMS);
  });

  test('names of alarms are no longer than CloudWatch takes', () => {
    for (const { alarm_name: name } of Object.values(metricAlarms(stack))) {
      expect(String(name).length).toBeLessThanOrEqual(255);
    }
  });
});

test('no name of a reader can make two alarms of one name', () => {
  const { alarms, composites } = specified(fleet());
  const ofAMember = /^(?:primary|blue|green)-/;
  const named = [...alarms, ...composites].map(({ name }) => name);
  const ofTheFleet = named.filter((name) => !ofAMember.test(name));
  const ends = [...new Set(named.filter((name) => ofAMember.test(name)).map((name) => name.replace(ofAMember, '-')))];

  expect(ends).toHaveLength(10);
  expect(ofTheFleet.length).toBeGreaterThan(10);
  for (const name of ofTheFleet) expect(ends.filter((end) => name.endsWith(end))).toEqual([]);
  for (const end of ends) expect(ends.filter((other) => other !== end && other.endsWith(end))).toEqual([]);
});

test('to take a reader away changes no alarm of another', () => {
  const three = metricAlarms(
    synthesised(fleet('instances', { members: members('instances', ['blue', 'green', 'red']) })),
  );
  const two = metricAlarms(synthesised(fleet('instances', { members: members('instances', ['blue', 'red']) })));
  const rest = Object.fromEntries(Object.entries(three).filter(([id]) => !id.startsWith('alarm-green-')));

  expect(Object.keys(three).length).toBeGreaterThan(Object.keys(rest).length);
  expect(two).toEqual(rest);
});

test('people are told of a server once it is there and measured', () => {
  const ready = [{ fqn: 'aws_db_instance.primary' }];
  const emitter = {
    functionName: 'f',
    ruleName: 'r',
    deadLetterQueueName: 'q',
    ready: [{ fqn: 'aws_cloudwatch_event_target.emitter' }],
  };
  const stack = synthesised(fleet('instances', { emitter, members: { ...members('instances'), ready } }));

  expect(stack.one('terraform_data', 'alarms-servers').input).toBe('primary.example blue.example green.example');
  for (const alarm of Object.values(compositeAlarms(stack))) {
    expect(alarm.depends_on).toEqual([
      'aws_sns_topic_policy.alarms',
      'terraform_data.alarms-servers',
      'aws_db_instance.primary',
      'aws_cloudwatch_event_target.emitter',
    ]);
  }
});
