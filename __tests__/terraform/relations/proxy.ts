import type { Relation } from '../../../terraform';
import { contract } from './exports';
import { type RelationsOf, type Stack, text } from './stack';

const PROXY = 'aws_db_proxy.fleet';

/** The proxy leads to the fleet, logs in with its own secret, and is where the contract says. */
export const proxyRelations: RelationsOf = (environment, stack) => {
  const { proxy } = environment;
  if (!proxy) return [];
  const target = 'aws_db_proxy_target.fleet';
  const leadsTo =
    environment.topology === 'instances'
      ? `${target}.db_instance_identifier == aws_db_instance.primary.identifier`
      : `${target}.db_cluster_identifier == aws_rds_cluster.fleet.cluster_identifier`;
  return [
    { name: 'the target is of the proxy', condition: `${target}.db_proxy_name == ${PROXY}.name` },
    { name: 'the proxy leads to the writer', condition: leadsTo },
    {
      name: 'the target is in the default group of the proxy',
      condition:
        `${target}.target_group_name == aws_db_proxy_default_target_group.fleet.name && ` +
        `aws_db_proxy_default_target_group.fleet.db_proxy_name == ${PROXY}.name`,
    },
    { name: 'the proxy is called by TLS alone', condition: `${PROXY}.require_tls` },
    {
      name: 'the proxy has its own security group, and the members let it in',
      condition:
        `toset(${PROXY}.vpc_security_group_ids) == toset([aws_security_group.proxy.id]) && ` +
        'aws_vpc_security_group_ingress_rule.members-from-proxy.referenced_security_group_id == aws_security_group.proxy.id && ' +
        'aws_vpc_security_group_ingress_rule.members-from-proxy.security_group_id == aws_security_group.members.id',
    },
    {
      name: "the proxy logs in with its role's secret",
      condition: `one(${PROXY}.auth).secret_arn == aws_secretsmanager_secret.proxy.arn`,
    },
    {
      name: 'the proxy may read that secret',
      condition:
        `${PROXY}.role_arn == aws_iam_role.proxy.arn && aws_iam_role_policy.proxy.role == aws_iam_role.proxy.name && ` +
        'strcontains(aws_iam_role_policy.proxy.policy, aws_secretsmanager_secret.proxy.arn)',
    },
    { name: 'the contract names the proxy', condition: `${contract}.proxy.writer.host == ${PROXY}.endpoint` },
    ...(proxy.auth === 'iam'
      ? [
          {
            name: 'the client policy lets apps connect through the proxy',
            condition: `strcontains(aws_iam_policy.client.policy, ":dbuser:\${element(split(":", ${PROXY}.arn), 6)}/${proxy.user}\\"")`,
          },
        ]
      : []),
    ...readEndpoint(stack, 'readEndpoint' in proxy && proxy.readEndpoint),
  ];
};

function readEndpoint(stack: Stack, wanted: boolean): Relation[] {
  const endpoint = 'aws_db_proxy_endpoint.read';
  if (!wanted) {
    return stack.has(endpoint) ? [{ name: 'nobody wanted a read endpoint', condition: `${endpoint}.arn == ""` }] : [];
  }
  return [
    {
      name: 'the read endpoint is of the proxy, for reading',
      condition: `${endpoint}.db_proxy_name == ${PROXY}.name && ${endpoint}.target_role == ${text('READ_ONLY')}`,
    },
    {
      name: 'the contract names the read endpoint',
      condition: `${contract}.proxy.reader.host == ${endpoint}.endpoint`,
    },
    {
      name: 'the read endpoint is where the proxy is',
      condition:
        `toset(${endpoint}.vpc_subnet_ids) == toset(${PROXY}.vpc_subnet_ids) && ` +
        `toset(${endpoint}.vpc_security_group_ids) == toset(${PROXY}.vpc_security_group_ids)`,
    },
  ];
}
