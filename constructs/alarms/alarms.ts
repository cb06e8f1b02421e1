import { CloudwatchCompositeAlarm } from '@cdktf/provider-aws/lib/cloudwatch-composite-alarm';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { type AlarmSettings, prefix } from '../environment';
import { allMembers } from '../members';
import { pin } from '../pin';
import { TerraformData } from '../terraform-data';
import { describe } from './alarm';
import { AlarmTopic } from './alarm-topic';
import type { CompositeSpec } from './composites';
import { ruleText } from './expression';
import { fleetAlarms } from './fleet-alarms';
import { metricAlarm } from './metric-alarm';
import { RdsEvents } from './rds-events';
import type { WatchedFleet } from './watched';

/**
 * The fleet that is watched, whom its alarms tell and from which values on, and the key and account that their topic is in.
 */
export interface AlarmsProps extends WatchedFleet {
  readonly settings: AlarmSettings;
  /** Connections that each server takes, see `maxConnections`; without it there is no alarm on them. */
  readonly maxConnections: number | undefined;
  /** Account that the fleet is in (token). */
  readonly accountId: string;
  /** ARN of the fleet's key, which encrypts the topic. */
  readonly keyArn: string;
  /** The key's policy: without it alarms cannot publish. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * The alarms of a fleet and the topic they go to (docs/alarms.md).
 *
 * Each metric has an alarm of its own, which tells nobody; composite alarms over them tell people, so that one cause is told once.
 */
export class Alarms extends Construct {
  /** ARN (token). */
  readonly topicArn: string;
  /** ARNs (tokens) of the composite alarms, the worst first. */
  readonly compositeArns: readonly string[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { accountId, after, emitter, environment, fleet, keyArn, members, region, settings } = props;
    const name = prefix(fleet, environment);
    const { subscriptions, thresholds } = settings;

    const topic = new AlarmTopic(this, 'topic', { name, region, accountId, keyArn, subscriptions, after });
    this.topicArn = topic.arn;

    // People are told of a server once it is there and measured, not while it is being made: its own alarm begins at once, since
    // that refers to nothing, and would be heard for the half hour that a replica takes.
    const servers = pin(
      new TerraformData(this, 'servers', {
        input: allMembers(members)
          .map(({ host }) => host)
          .join(' '),
      }),
      'alarms-servers',
    );
    const watched = [...topic.ready, servers, ...members.ready, ...(emitter?.ready ?? [])];

    const { alarms, composites } = fleetAlarms({ ...props, thresholds });
    // By reference, so that a composite alarm waits for those that it speaks of.
    const references = new Map(alarms.map((spec) => [spec.name, metricAlarm(this, name, spec).alarmName]));
    const reference = (alarm: string) => {
      const found = references.get(alarm);
      if (found === undefined) throw new Error(`There is no alarm ${alarm}, but ${[...references.keys()].join(', ')}.`);
      return found;
    };
    this.compositeArns = composites.map((spec) => this.composite(name, spec, reference, watched).arn);

    new RdsEvents(this, 'events', { name, members, topicArn: topic.arn, after: watched });
  }

  private composite(
    fleetName: string,
    spec: CompositeSpec,
    reference: (alarm: string) => string,
    dependsOn: readonly ITerraformDependable[],
  ): CloudwatchCompositeAlarm {
    return pin(
      new CloudwatchCompositeAlarm(this, spec.name, {
        alarmName: `${fleetName}-${spec.name}`,
        alarmDescription: describe(spec),
        alarmRule: ruleText(spec.rule, reference),
        alarmActions: [this.topicArn],
        okActions: [this.topicArn],
        dependsOn: [...dependsOn],
      }),
      `alarm-${spec.name}`,
    );
  }
}
