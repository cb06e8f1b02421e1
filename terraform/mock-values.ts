import { createHash } from 'node:crypto';

/** An account that AWS reserves for examples. */
const ACCOUNT = '111122223333';

/** A resource of a stack, as far as values are made up for it. */
export interface MockedResource {
  readonly type: string;
  readonly name: string;
  /** What the stack says of it: texts and expressions. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** AWS region of its provider. */
  readonly region: string;
}

/** Makes up what AWS would tell of one resource. Each has values of its own, so that no relation holds by accident. */
type Values = (resource: MockedResource) => Readonly<Record<string, unknown>>;

/**
 * What a mocked AWS answers. Without them Terraform makes up eight letters for each attribute; that is fine until an
 * attribute of another resource is checked for the form of an ARN, or until a list is read that only AWS fills.
 */
const VALUES: Readonly<Record<string, Values>> = {
  aws_cloudwatch_event_rule: (one) => arnOf(one, 'events', `rule/${one.name}`),
  aws_cloudwatch_log_group: (one) => arnOf(one, 'logs', `log-group:${one.name}`),
  aws_cloudwatch_metric_alarm: (one) => arnOf(one, 'cloudwatch', `alarm:${one.name}`),
  aws_db_instance: (one) => ({
    ...arnOf(one, 'rds', `db:${one.name}`),
    id: resourceId(one),
    resource_id: resourceId(one),
    address: `${one.name}.mocked.${one.region}.rds.amazonaws.com`,
    port: 5432,
    master_user_secret: [],
  }),
  // AWS makes it with the proxy, under a name that no one chooses.
  aws_db_proxy_default_target_group: (one) => ({
    ...arnOf(one, 'rds', `target-group:prx-tg-${hex(one, 17)}`),
    name: 'default',
  }),
  aws_db_proxy: (one) => ({
    ...arnOf(one, 'rds', `db-proxy:prx-${hex(one, 17)}`),
    endpoint: `${one.name}.proxy-mocked.${one.region}.rds.amazonaws.com`,
  }),
  aws_db_proxy_endpoint: (one) => ({
    ...arnOf(one, 'rds', `db-proxy-endpoint:prx-endpoint-${hex(one, 17)}`),
    endpoint: `${one.name}.endpoint.proxy-mocked.${one.region}.rds.amazonaws.com`,
  }),
  aws_flow_log: (one) => arnOf(one, 'ec2', `vpc-flow-log/fl-${hex(one, 17)}`),
  aws_iam_policy: (one) => ({ arn: `arn:aws:iam::${ACCOUNT}:policy/${one.name}` }),
  aws_iam_role: (one) => ({ arn: `arn:aws:iam::${ACCOUNT}:role/${one.name}` }),
  aws_kms_key: (one) => ({ ...arnOf(one, 'kms', `key/${uuid(one)}`), id: uuid(one), key_id: uuid(one) }),
  aws_kms_replica_key: (one) => ({ ...arnOf(one, 'kms', `key/${uuid(one)}`), id: uuid(one), key_id: uuid(one) }),
  aws_lambda_function: (one) => arnOf(one, 'lambda', `function:${one.name}`),
  aws_rds_cluster: (one) => ({
    ...arnOf(one, 'rds', `cluster:${one.name}`),
    cluster_resource_id: `cluster-${hex(one, 26).toUpperCase()}`,
    // Names of the members are made of this one's form.
    endpoint: `${one.attributes?.cluster_identifier}.cluster-mocked.${one.region}.rds.amazonaws.com`,
    reader_endpoint: `${one.attributes?.cluster_identifier}.cluster-ro-mocked.${one.region}.rds.amazonaws.com`,
    port: 5432,
    master_user_secret: [masterSecret(one)],
  }),
  aws_rds_cluster_instance: (one) => ({
    ...arnOf(one, 'rds', `db:${one.name}`),
    dbi_resource_id: resourceId(one),
    endpoint: `${one.name}.mocked.${one.region}.rds.amazonaws.com`,
    port: 5432,
  }),
  aws_secretsmanager_secret: (one) => arnOf(one, 'secretsmanager', `secret:${one.name}-AbCdEf`),
  aws_security_group: (one) => ({ id: `sg-${hex(one, 17)}` }),
  // Of a topic that is no FIFO, AWS tells no scope; the provider refuses to plan over any.
  aws_sns_topic: (one) => ({ ...arnOf(one, 'sns', one.name), fifo_throughput_scope: '' }),
  aws_sqs_queue: (one) => ({
    ...arnOf(one, 'sqs', one.name),
    id: queueUrl(one),
    url: queueUrl(one),
  }),
  aws_subnet: (one) => ({ id: `subnet-${hex(one, 17)}` }),
  aws_route53_health_check: (one) => ({ ...arnOf(one, 'route53', `healthcheck/${uuid(one)}`), id: uuid(one) }),
  aws_route53_zone: (one) => ({ zone_id: `Z${hex(one, 20).toUpperCase()}` }),
  aws_vpc_endpoint: (one) => ({
    id: `vpce-${hex(one, 17)}`,
    dns_entry: [{ dns_name: `vpce-${hex(one, 17)}.${one.region}.vpce.amazonaws.com`, hosted_zone_id: 'Z0MOCKED' }],
  }),
  aws_vpc: (one) => ({ id: `vpc-${hex(one, 17)}` }),
};

/** What the mocked AWS tells of a resource. Nothing for types of which eight letters will do. */
export function mockedValues(resource: MockedResource): Readonly<Record<string, unknown>> | undefined {
  return VALUES[resource.type]?.(resource);
}

function arnOf(one: MockedResource, service: string, rest: string) {
  return { arn: `arn:aws:${service}:${one.region}:${ACCOUNT}:${rest}` };
}

function queueUrl(one: MockedResource): string {
  return `https://sqs.${one.region}.amazonaws.com/${ACCOUNT}/${one.name}`;
}

function masterSecret(one: MockedResource) {
  return {
    secret_arn: arnOf(one, 'secretsmanager', `secret:rds!cluster-${hex(one, 8)}-AbCdEf`).arn,
    kms_key_id: `arn:aws:kms:${one.region}:${ACCOUNT}:key/${uuid(one)}`,
    secret_status: 'active',
  };
}

function resourceId(one: MockedResource): string {
  return `db-${hex(one, 26).toUpperCase()}`;
}

function uuid(one: MockedResource): string {
  return hex(one, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Hexadecimal digits that are the resource's own, and the same in every run. */
function hex({ type, name, region }: MockedResource, length: number): string {
  return createHash('sha256').update(`${region} ${type}.${name}`).digest('hex').slice(0, length);
}
