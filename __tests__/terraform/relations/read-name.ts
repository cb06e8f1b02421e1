import { contract } from './exports';
import { type RelationsOf, text } from './stack';

const RECORD = 'aws_route53_record';

/** The read name leads to each replica while it is well, and else to the primary. */
export const readNameRelations: RelationsOf = (environment, stack) => {
  if (environment.topology !== 'instances' || !environment.readName) return [];
  const { name, zone } = environment.readName;
  const host = text(`${name}.${zone.domain}`);
  const replicas = `${RECORD}.read-name-replicas`;
  const primary = `${RECORD}.read-name-primary`;
  return [
    ...Object.keys(environment.replicas).flatMap((replica) => {
      const record = `${RECORD}.read-name-${replica}`;
      const check = `aws_route53_health_check.read-name-${replica}`;
      const parts = ['health', 'lag'].map((part) => `${check}-${part}`);
      return [
        {
          name: `the read name leads to ${replica}`,
          condition: `${record}.records == toset([aws_db_instance.replica-${replica}.address])`,
        },
        {
          name: `${replica} leaves the read name when its own health or lag is bad`,
          condition:
            `${record}.health_check_id == ${check}.id && ` +
            `toset(${check}.child_healthchecks) == toset([${parts.map((part) => `${part}.id`).join(', ')}])`,
        },
        ...['health', 'lag'].map((part) => ({
          name: `${replica}'s ${part} is looked up in its own alarm`,
          condition:
            `${check}-${part}.cloudwatch_alarm_name == aws_cloudwatch_metric_alarm.read-name-${replica}-${part}.alarm_name && ` +
            `aws_cloudwatch_metric_alarm.read-name-${replica}-${part}.dimensions["Member"] == ${text(replica)}`,
        })),
        {
          name: `${replica} is in the set that the read name stands for`,
          condition: `one(${replicas}.alias).name == ${record}.name && ${record}.name != ${replicas}.name`,
        },
      ];
    }),
    {
      name: 'behind the replicas is the primary',
      condition:
        `${primary}.records == toset([aws_db_instance.primary.address]) && ` +
        `one(${primary}.failover_routing_policy).type == "SECONDARY" && ` +
        `one(${replicas}.failover_routing_policy).type == "PRIMARY" && ${primary}.name == ${replicas}.name`,
    },
    { name: 'the contract names it', condition: `${contract}.readName.host == ${host} && ${primary}.name == ${host}` },
    ...(stack.has('aws_route53_zone.read-name')
      ? stack.all(RECORD).map((record) => ({
          name: `${record} is in the zone`,
          condition: `${record}.zone_id == aws_route53_zone.read-name.zone_id`,
        }))
      : []),
  ];
};
