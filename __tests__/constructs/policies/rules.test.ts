import { POLICIES, type PolicyCode } from '../../../constructs';
import { policyProblems } from '../../../constructs/policies/policies';
import { stackOf } from '../support/raw';
import { tf } from '../support/synth';

type Attributes = Readonly<Record<string, unknown>>;
/** What is told: the property, or none. The resource that is asked about is the first. */
type Case = readonly [
  what: string,
  type: string,
  attributes: Attributes,
  property: string | undefined,
  others?: Others,
];
type Others = Readonly<Record<string, Attributes>>;

const statement = (written: Attributes) => JSON.stringify({ Version: '2012-10-17', Statement: [written] });
const replica = { replicate_source_db: tf('aws_db_instance.primary.identifier') };
const open = { Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: 'arn:aws:sns:eu-central-1:1:a' };
const inTwoZones = {
  'aws_rds_cluster_instance.a': { cluster_identifier: tf('aws_rds_cluster.it.id'), availability_zone: 'eu-central-1a' },
  'aws_rds_cluster_instance.b': { cluster_identifier: tf('aws_rds_cluster.it.id'), availability_zone: 'eu-central-1b' },
};
const forceSsl = (value: string) => ({ name: 'rds.force_ssl', value });

const CASES: Readonly<Record<PolicyCode, readonly Case[]>> = {
  READFLEET_POLICY_PUBLIC_ACCESS: [
    ['an instance with a public address', 'aws_db_instance', { publicly_accessible: true }, 'publiclyAccessible'],
    ['one of a cluster', 'aws_rds_cluster_instance', { publicly_accessible: true }, 'publiclyAccessible'],
    ['one that says nothing', 'aws_db_instance', {}, undefined],
    ['a private one', 'aws_db_instance', { publicly_accessible: false }, undefined],
  ],
  READFLEET_POLICY_STORAGE_ENCRYPTION: [
    ['open storage', 'aws_db_instance', { storage_encrypted: false }, 'storageEncrypted'],
    ['an instance that says nothing', 'aws_db_instance', {}, 'storageEncrypted'],
    ['a cluster that says nothing', 'aws_rds_cluster', {}, 'storageEncrypted'],
    ['a replica that says nothing', 'aws_db_instance', replica, 'storageEncrypted'],
    ['encrypted storage', 'aws_rds_cluster', { storage_encrypted: true }, undefined],
    ['what only Terraform knows', 'aws_db_instance', { storage_encrypted: tf('var.encrypted') }, undefined],
  ],
  READFLEET_POLICY_MULTI_AZ: [
    ['a primary without a standby', 'aws_db_instance', { multi_az: false }, 'multiAz'],
    ['one that says nothing', 'aws_db_instance', {}, 'multiAz'],
    ['one with a standby', 'aws_db_instance', { multi_az: true }, undefined],
    ['a replica', 'aws_db_instance', { ...replica, multi_az: false }, undefined],
    ['a Multi-AZ cluster', 'aws_rds_cluster', { db_cluster_instance_class: 'db.r6gd.large' }, undefined],
    ['an Aurora cluster in two zones', 'aws_rds_cluster', {}, undefined, inTwoZones],
    [
      'one of a single instance',
      'aws_rds_cluster',
      {},
      'availabilityZones',
      { 'aws_rds_cluster_instance.a': inTwoZones['aws_rds_cluster_instance.a'] },
    ],
    [
      'one whose instances are named by it and all in one zone',
      'aws_rds_cluster',
      { cluster_identifier: 'orders' },
      'availabilityZones',
      {
        'aws_rds_cluster_instance.a': { cluster_identifier: 'orders', availability_zone: 'eu-central-1a' },
        'aws_rds_cluster_instance.b': { cluster_identifier: 'orders', availability_zone: 'eu-central-1a' },
      },
    ],
    [
      'one of which AWS picks the zones',
      'aws_rds_cluster',
      { cluster_identifier: 'orders' },
      undefined,
      {
        'aws_rds_cluster_instance.a': { cluster_identifier: 'orders' },
        'aws_rds_cluster_instance.b': { cluster_identifier: 'orders' },
      },
    ],
    [
      'one whose instances are counted by Terraform',
      'aws_rds_cluster',
      { cluster_identifier: 'orders' },
      undefined,
      { 'aws_rds_cluster_instance.a': { cluster_identifier: 'orders', count: tf('var.readers') } },
    ],
    ['one whose instances are elsewhere', 'aws_rds_cluster', {}, undefined],
  ],
  READFLEET_POLICY_ENHANCED_MONITORING: [
    ['an instance without', 'aws_db_instance', {}, 'monitoringInterval'],
    ['a replica without', 'aws_db_instance', { ...replica, monitoring_interval: 0 }, 'monitoringInterval'],
    ['an instance with it', 'aws_db_instance', { monitoring_interval: 60 }, undefined],
    ['an instance of a cluster without', 'aws_rds_cluster_instance', {}, 'monitoringInterval'],
    [
      'an instance of a cluster that has it',
      'aws_rds_cluster_instance',
      { cluster_identifier: tf('aws_rds_cluster.orders.id') },
      undefined,
      { 'aws_rds_cluster.orders': { monitoring_interval: 15 } },
    ],
    [
      'a Multi-AZ cluster without',
      'aws_rds_cluster',
      { db_cluster_instance_class: 'db.r6gd.large' },
      'monitoringInterval',
    ],
    ['an Aurora cluster, whose instances have it', 'aws_rds_cluster', {}, undefined],
  ],
  READFLEET_POLICY_DELETION_PROTECTION: [
    ['an unprotected instance', 'aws_db_instance', { deletion_protection: false }, 'deletionProtection'],
    ['a cluster that says nothing', 'aws_rds_cluster', {}, 'deletionProtection'],
    ['a protected one', 'aws_db_instance', { deletion_protection: true }, undefined],
    ['a replica', 'aws_db_instance', { ...replica, deletion_protection: false }, undefined],
  ],
  READFLEET_POLICY_FINAL_SNAPSHOT: [
    ['an instance that leaves nothing', 'aws_db_instance', { skip_final_snapshot: true }, 'skipFinalSnapshot'],
    ['a cluster that leaves nothing', 'aws_rds_cluster', { skip_final_snapshot: true }, 'skipFinalSnapshot'],
    ['a replica, which can leave none', 'aws_db_instance', { ...replica, skip_final_snapshot: true }, undefined],
    ['one that leaves one', 'aws_db_instance', { skip_final_snapshot: false }, undefined],
  ],
  READFLEET_POLICY_BACKUPS: [
    ['an instance without', 'aws_db_instance', {}, 'backupRetentionPeriod'],
    ['an instance of 6 days', 'aws_db_instance', { backup_retention_period: 6 }, 'backupRetentionPeriod'],
    ['a cluster that says nothing', 'aws_rds_cluster', {}, 'backupRetentionPeriod'],
    ['one of 7 days', 'aws_rds_cluster', { backup_retention_period: 7 }, undefined],
    ['a replica', 'aws_db_instance', replica, undefined],
    ['what only Terraform knows', 'aws_db_instance', { backup_retention_period: tf('var.days') }, undefined],
  ],
  READFLEET_POLICY_SNAPSHOT_SHARING: [
    [
      'a copy of a cluster snapshot for all',
      'aws_rds_cluster_snapshot_copy',
      { shared_accounts: ['all'] },
      'sharedAccounts',
    ],
    ['a snapshot for all', 'aws_db_snapshot', { shared_accounts: ['all'] }, 'sharedAccounts'],
    ['one of a cluster for all', 'aws_db_cluster_snapshot', { shared_accounts: ['all'] }, 'sharedAccounts'],
    ['a copy for all', 'aws_db_snapshot_copy', { shared_accounts: ['all'] }, 'sharedAccounts'],
    ['one for an account', 'aws_db_snapshot', { shared_accounts: ['123456789012'] }, undefined],
    ['one for nobody', 'aws_db_snapshot', {}, undefined],
  ],
  READFLEET_POLICY_SNAPSHOT_TAGS: [
    ['an instance that keeps its tags', 'aws_db_instance', {}, 'copyTagsToSnapshot'],
    ['a cluster that keeps its tags', 'aws_rds_cluster', { copy_tags_to_snapshot: false }, 'copyTagsToSnapshot'],
    ['one that copies them', 'aws_db_instance', { copy_tags_to_snapshot: true }, undefined],
  ],
  READFLEET_POLICY_LOG_EXPORTS: [
    ['an instance without', 'aws_db_instance', { engine: 'postgres' }, 'enabledCloudwatchLogsExports'],
    [
      'one that keeps the log of upgrades',
      'aws_db_instance',
      { engine: 'postgres', enabled_cloudwatch_logs_exports: ['postgresql'] },
      'enabledCloudwatchLogsExports',
    ],
    ['a cluster without', 'aws_rds_cluster', { engine: 'aurora-postgresql' }, 'enabledCloudwatchLogsExports'],
    [
      'Aurora with the only log that it has',
      'aws_rds_cluster',
      { engine: 'aurora-postgresql', enabled_cloudwatch_logs_exports: ['postgresql'] },
      undefined,
    ],
    [
      'an instance with both',
      'aws_db_instance',
      { engine: 'postgres', enabled_cloudwatch_logs_exports: ['upgrade', 'postgresql'] },
      undefined,
    ],
    [
      'a replica of PostgreSQL without',
      'aws_db_instance',
      replica,
      'enabledCloudwatchLogsExports',
      { 'aws_db_instance.primary': { engine: 'postgres', enabled_cloudwatch_logs_exports: ['upgrade', 'postgresql'] } },
    ],
    ['a replica of something elsewhere', 'aws_db_instance', { replicate_source_db: 'orders' }, undefined],
    ['another engine', 'aws_db_instance', { engine: 'mysql' }, undefined],
    [
      'a list with something unknown in it',
      'aws_db_instance',
      { engine: 'postgres', enabled_cloudwatch_logs_exports: ['postgresql', tf('var.log')] },
      undefined,
    ],
  ],
  READFLEET_POLICY_IAM_AUTHENTICATION: [
    ['an instance without', 'aws_db_instance', { engine: 'postgres' }, 'iamDatabaseAuthenticationEnabled'],
    ['a cluster without', 'aws_rds_cluster', { engine: 'aurora-postgresql' }, 'iamDatabaseAuthenticationEnabled'],
    ['one with it', 'aws_db_instance', { engine: 'postgres', iam_database_authentication_enabled: true }, undefined],
    ['an engine that has no such thing', 'aws_db_instance', { engine: 'oracle-ee' }, undefined],
  ],
  READFLEET_POLICY_MASTER_USER: [
    ['the default of PostgreSQL', 'aws_db_instance', { username: 'postgres' }, 'username'],
    ['the default of a cluster', 'aws_rds_cluster', { master_username: 'admin' }, 'masterUsername'],
    ['another', 'aws_db_instance', { username: 'fleet_admin' }, undefined],
    ['a replica, which names none', 'aws_db_instance', replica, undefined],
  ],
  READFLEET_POLICY_SECRET_IN_STATE: [
    ['a password', 'aws_db_instance', { password: 'hunter2' }, 'password'],
    ['one that only Terraform knows', 'aws_db_instance', { password: tf('random_password.it.result') }, 'password'],
    ["a cluster's", 'aws_rds_cluster', { master_password: 'hunter2' }, 'masterPassword'],
    ['the content of a secret', 'aws_secretsmanager_secret_version', { secret_string: 'hunter2' }, 'secretString'],
    ['a secure parameter', 'aws_ssm_parameter', { type: 'SecureString', value: 'hunter2' }, 'value'],
    ['write-only content', 'aws_secretsmanager_secret_version', { secret_string_wo: tf('ephemeral.a.b.c') }, undefined],
    ['a write-only password', 'aws_db_instance', { password_wo: tf('ephemeral.a.b.c') }, undefined],
    ['a write-only parameter', 'aws_ssm_parameter', { type: 'SecureString', value_wo: 'a' }, undefined],
    ['a parameter that is no secret', 'aws_ssm_parameter', { type: 'String', value: 'a' }, undefined],
  ],
  READFLEET_POLICY_MINOR_UPGRADES: [
    ['an instance that gets none', 'aws_db_instance', { auto_minor_version_upgrade: false }, 'autoMinorVersionUpgrade'],
    ['one of a cluster', 'aws_rds_cluster_instance', { auto_minor_version_upgrade: false }, 'autoMinorVersionUpgrade'],
    ['one that says nothing', 'aws_db_instance', {}, undefined],
  ],
  READFLEET_POLICY_FORCED_TLS: [
    ['TLS turned off', 'aws_db_parameter_group', { family: 'postgres17', parameter: [forceSsl('0')] }, 'parameter'],
    [
      'TLS turned off for a cluster',
      'aws_rds_cluster_parameter_group',
      { family: 'aurora-postgresql17', parameter: [forceSsl('0')] },
      'parameter',
    ],
    ['an old version that says nothing', 'aws_db_parameter_group', { family: 'postgres14' }, 'parameter'],
    ['an old Aurora', 'aws_rds_cluster_parameter_group', { family: 'aurora-postgresql16' }, 'parameter'],
    ['a version that forces TLS by itself', 'aws_db_parameter_group', { family: 'postgres15' }, undefined],
    ['an old one told to', 'aws_db_parameter_group', { family: 'postgres14', parameter: [forceSsl('1')] }, undefined],
    ['a group of Aurora instances', 'aws_db_parameter_group', { family: 'aurora-postgresql14' }, undefined],
    ['a Multi-AZ cluster', 'aws_rds_cluster_parameter_group', { family: 'postgres17' }, undefined],
    [
      'parameters of a dynamic block',
      'aws_db_parameter_group',
      { family: 'postgres14', dynamic: { parameter: {} } },
      undefined,
    ],
    ['another engine', 'aws_db_parameter_group', { family: 'mysql8.0' }, undefined],
  ],
  READFLEET_POLICY_PROXY_TLS: [
    ['a proxy that wants none', 'aws_db_proxy', { require_tls: false }, 'requireTls'],
    ['one that says nothing', 'aws_db_proxy', {}, 'requireTls'],
    ['one that wants it', 'aws_db_proxy', { require_tls: true }, undefined],
  ],
  READFLEET_POLICY_SUBNET_GROUP: [
    ['an instance that names none', 'aws_db_instance', {}, 'dbSubnetGroupName'],
    ['a cluster in the default one', 'aws_rds_cluster', { db_subnet_group_name: 'default' }, 'dbSubnetGroupName'],
    ['a replica, which has its source’s', 'aws_db_instance', replica, undefined],
    ['one that names one', 'aws_db_instance', { db_subnet_group_name: 'orders' }, undefined],
  ],
  READFLEET_POLICY_EVENT_SUBSCRIPTION: [
    [
      'instances without failures',
      'aws_db_event_subscription',
      { source_type: 'db-instance', event_categories: ['maintenance', 'configuration change'] },
      'eventCategories',
    ],
    [
      'clusters without maintenance',
      'aws_db_event_subscription',
      { source_type: 'db-cluster', event_categories: ['failure'] },
      'eventCategories',
    ],
    [
      'parameter groups without changes',
      'aws_db_event_subscription',
      { source_type: 'db-parameter-group', event_categories: ['other'] },
      'eventCategories',
    ],
    ['one that is off', 'aws_db_event_subscription', { enabled: false }, 'enabled'],
    ['all events', 'aws_db_event_subscription', { source_type: 'db-instance' }, undefined],
    [
      'the critical ones of clusters',
      'aws_db_event_subscription',
      { source_type: 'db-cluster', event_categories: ['failure', 'maintenance'] },
      undefined,
    ],
    [
      'a source without critical ones',
      'aws_db_event_subscription',
      { source_type: 'db-snapshot', event_categories: ['creation'] },
      undefined,
    ],
  ],
  READFLEET_POLICY_FUNCTION_ACCESS: [
    ['a function for everyone', 'aws_lambda_permission', { principal: '*' }, 'principal'],
    ['one for any bucket', 'aws_lambda_permission', { principal: 's3.amazonaws.com' }, 'principal'],
    ['an open address', 'aws_lambda_function_url', { authorization_type: 'NONE' }, 'authorizationType'],
    ['an address with IAM', 'aws_lambda_function_url', { authorization_type: 'AWS_IAM' }, undefined],
    ['everyone of an organisation', 'aws_lambda_permission', { principal: '*', principal_org_id: 'o-1' }, undefined],
    [
      'a rule of ours',
      'aws_lambda_permission',
      { principal: 's3.amazonaws.com', source_account: tf('data.aws_caller_identity.me.account_id') },
      undefined,
    ],
    ['another service', 'aws_lambda_permission', { principal: 'events.amazonaws.com' }, undefined],
  ],
  READFLEET_POLICY_FUNCTION_RUNTIME: [
    ...[
      'nodejs20.x',
      'nodejs8.10',
      'nodejs',
      'python3.9',
      'python2.7',
      'ruby3.1',
      'dotnet6',
      'java8',
      'go1.x',
      'provided',
    ].map((runtime): Case => [runtime, 'aws_lambda_function', { runtime }, 'runtime']),
    ...['nodejs22.x', 'nodejs24.x', 'python3.13', 'ruby3.4', 'dotnet8', 'java8.al2', 'provided.al2023'].map(
      (runtime): Case => [runtime, 'aws_lambda_function', { runtime }, undefined],
    ),
    ['an image', 'aws_lambda_function', { package_type: 'Image' }, undefined],
  ],
  READFLEET_POLICY_FUNCTION_NETWORK: [
    ['a function outside of a network', 'aws_lambda_function', {}, 'vpcConfig.subnetIds'],
    ['one in one subnet', 'aws_lambda_function', { vpc_config: { subnet_ids: ['a'] } }, 'vpcConfig.subnetIds'],
    ['one in two', 'aws_lambda_function', { vpc_config: { subnet_ids: ['a', 'b'] } }, undefined],
    [
      'one in two, as a list of one block',
      'aws_lambda_function',
      { vpc_config: [{ subnet_ids: ['a', 'b'] }] },
      undefined,
    ],
    [
      'one in as many as Terraform finds',
      'aws_lambda_function',
      { vpc_config: { subnet_ids: [tf('aws_subnet.a[*].id')] } },
      undefined,
    ],
    ['one in a list of Terraform', 'aws_lambda_function', { vpc_config: { subnet_ids: tf('var.subnets') } }, undefined],
  ],
  READFLEET_POLICY_KEY_DELETION: [
    ['a week for a copy', 'aws_kms_replica_key', { deletion_window_in_days: 7 }, 'deletionWindowInDays'],
    ['a week', 'aws_kms_key', { deletion_window_in_days: 7 }, 'deletionWindowInDays'],
    ['a month', 'aws_kms_key', { deletion_window_in_days: 30 }, undefined],
    ['nothing, which is a month', 'aws_kms_key', {}, undefined],
  ],
  READFLEET_POLICY_KEY_ROTATION: [
    ['a key that says nothing', 'aws_kms_key', {}, 'enableKeyRotation'],
    ['one that rotates', 'aws_kms_key', { enable_key_rotation: true }, undefined],
    ['one to sign with', 'aws_kms_key', { customer_master_key_spec: 'ECC_NIST_P256' }, undefined],
    ['one of a store of its own', 'aws_kms_key', { custom_key_store_id: 'cks-1' }, undefined],
  ],
  READFLEET_POLICY_OPEN_TO_EVERYONE: [
    ...['aws_kms_key_policy', 'aws_sqs_queue', 'aws_secretsmanager_secret', 'aws_secretsmanager_secret_policy'].map(
      (type): Case => ['for everyone', type, { policy: statement(open) }, 'policy'],
    ),
    ['a topic', 'aws_sns_topic_policy', { policy: statement(open) }, 'policy'],
    ['a topic that has it within', 'aws_sns_topic', { policy: statement(open) }, 'policy'],
    ['a queue', 'aws_sqs_queue_policy', { policy: statement({ ...open, Principal: { AWS: '*' } }) }, 'policy'],
    ['a key', 'aws_kms_key', { policy: statement({ ...open, Principal: { AWS: ['a', '*'] } }) }, 'policy'],
    [
      'a key open to all accounts but one',
      'aws_kms_key',
      { policy: statement({ ...open, Condition: { StringNotEquals: { 'aws:SourceAccount': '1' } } }) },
      'policy',
    ],
    [
      'a key with a condition that is none',
      'aws_kms_key',
      { policy: statement({ ...open, Condition: { StringLike: { 'aws:SourceArn': '*' } } }) },
      'policy',
    ],
    [
      'a key with a condition on something else',
      'aws_kms_key',
      { policy: statement({ ...open, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }) },
      'policy',
    ],
    [
      'a topic for the alarms of an account',
      'aws_sns_topic_policy',
      { policy: statement({ ...open, Condition: { StringEquals: { 'AWS:SourceOwner': tf('local.account') } } }) },
      undefined,
    ],
    [
      'one for a service',
      'aws_sns_topic_policy',
      { policy: statement({ ...open, Principal: { Service: 'a' } }) },
      undefined,
    ],
    ['a refusal', 'aws_sqs_queue_policy', { policy: statement({ ...open, Effect: 'Deny' }) }, undefined],
    ['what only Terraform knows', 'aws_sqs_queue_policy', { policy: tf('data.a.b.json') }, undefined],
    ['none', 'aws_kms_key', {}, undefined],
  ],
  READFLEET_POLICY_DECRYPT_ALL: [
    ...['aws_iam_group_policy', 'aws_iam_user_policy'].map(
      (type): Case => [
        'all keys',
        type,
        { policy: statement({ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' }) },
        'policy',
      ],
    ),
    ...['kms:Decrypt', 'kms:*', 'KMS:Re*', '*'].map(
      (Action): Case => [
        Action,
        'aws_iam_policy',
        { policy: statement({ Effect: 'Allow', Action: ['a:b', Action], Resource: '*' }) },
        'policy',
      ],
    ),
    [
      'all keys of an account, inline',
      'aws_iam_role_policy',
      { policy: statement({ Effect: 'Allow', Action: 'kms:Decrypt', Resource: ['arn:aws:kms:*:1:key/*'] }) },
      'policy',
    ],
    [
      'one key',
      'aws_iam_policy',
      { policy: statement({ Effect: 'Allow', Action: 'kms:Decrypt', Resource: tf('aws_kms_key.it.arn') }) },
      undefined,
    ],
    [
      'to encrypt only',
      'aws_iam_policy',
      { policy: statement({ Effect: 'Allow', Action: 'kms:Encrypt', Resource: '*' }) },
      undefined,
    ],
    [
      'a refusal',
      'aws_iam_policy',
      { policy: statement({ Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' }) },
      undefined,
    ],
  ],
  READFLEET_POLICY_WILDCARD_PERMISSIONS: [
    ['everything, inline', 'aws_iam_role_policy', { policy: statement({ Effect: 'Allow', Action: '*' }) }, 'policy'],
    ['everything', 'aws_iam_policy', { policy: statement({ Effect: 'Allow', Action: '*', Resource: '*' }) }, 'policy'],
    [
      'all of a service',
      'aws_iam_policy',
      { policy: statement({ Effect: 'Allow', Action: 's3:*', Resource: 'a' }) },
      'policy',
    ],
    [
      'some of it',
      'aws_iam_policy',
      { policy: statement({ Effect: 'Allow', Action: 's3:Get*', Resource: 'a' }) },
      undefined,
    ],
    ['a refusal', 'aws_iam_policy', { policy: statement({ Effect: 'Deny', Action: '*', Resource: '*' }) }, undefined],
  ],
  READFLEET_POLICY_TOPIC_ENCRYPTION: [
    ['a topic without a key', 'aws_sns_topic', {}, 'kmsMasterKeyId'],
    ['one with a key', 'aws_sns_topic', { kms_master_key_id: tf('aws_kms_key.it.arn') }, undefined],
  ],
  READFLEET_POLICY_QUEUE_ENCRYPTION: [
    ['an open queue', 'aws_sqs_queue', { sqs_managed_sse_enabled: false }, 'sqsManagedSseEnabled'],
    ['one that says nothing', 'aws_sqs_queue', {}, undefined],
    ['one with a key', 'aws_sqs_queue', { kms_master_key_id: 'a', sqs_managed_sse_enabled: false }, undefined],
  ],
  READFLEET_POLICY_ALARM_ACTIONS: [
    ['an alarm that tells nobody', 'aws_cloudwatch_metric_alarm', { alarm_name: 'a' }, 'alarmActions'],
    ['one with no action in its list', 'aws_cloudwatch_metric_alarm', { alarm_actions: [] }, 'alarmActions'],
    [
      'one that is off',
      'aws_cloudwatch_metric_alarm',
      { alarm_actions: ['a'], actions_enabled: false },
      'actionsEnabled',
    ],
    ['one that tells', 'aws_cloudwatch_metric_alarm', { alarm_actions: [tf('aws_sns_topic.a.arn')] }, undefined],
    [
      'one that a composite alarm reads',
      'aws_cloudwatch_metric_alarm',
      { alarm_name: 'a' },
      undefined,
      { 'aws_cloudwatch_composite_alarm.b': { alarm_rule: `ALARM(${tf('aws_cloudwatch_metric_alarm.it.arn')})` } },
    ],
    [
      'one that a health check reads by name',
      'aws_cloudwatch_metric_alarm',
      { alarm_name: 'a' },
      undefined,
      { 'aws_route53_health_check.b': { cloudwatch_alarm_name: 'a' } },
    ],
    [
      'one beside a health check of another',
      'aws_cloudwatch_metric_alarm',
      { alarm_name: 'a' },
      'alarmActions',
      { 'aws_route53_health_check.b': { cloudwatch_alarm_name: 'b' } },
    ],
  ],
  READFLEET_POLICY_LOG_RETENTION: [
    ['logs for ever', 'aws_cloudwatch_log_group', {}, 'retentionInDays'],
    ['logs for a month', 'aws_cloudwatch_log_group', { retention_in_days: 30 }, undefined],
  ],
  READFLEET_POLICY_OPEN_SECURITY_GROUP: [
    [
      'the default group',
      'aws_default_security_group',
      { ingress: [{ ipv6_cidr_blocks: ['::/0'], protocol: '-1' }] },
      'ingress',
    ],
    [
      'the database for the world',
      'aws_vpc_security_group_ingress_rule',
      { cidr_ipv4: '0.0.0.0/0', from_port: 5432, to_port: 5432, ip_protocol: 'tcp' },
      'cidrIpv4',
    ],
    [
      'the same by IPv6',
      'aws_vpc_security_group_ingress_rule',
      { cidr_ipv6: '::/0', from_port: 5432, to_port: 5432, ip_protocol: 'tcp' },
      'cidrIpv6',
    ],
    ['all ports', 'aws_vpc_security_group_ingress_rule', { cidr_ipv4: '0.0.0.0/0', ip_protocol: '-1' }, 'cidrIpv4'],
    [
      'a range that holds a web port',
      'aws_vpc_security_group_ingress_rule',
      { cidr_ipv4: '0.0.0.0/0', from_port: 443, to_port: 5432, ip_protocol: 'tcp' },
      'cidrIpv4',
    ],
    [
      'the old kind of rule',
      'aws_security_group_rule',
      { type: 'ingress', cidr_blocks: ['10.0.0.0/8', '0.0.0.0/0'], from_port: 22, to_port: 22, protocol: 'tcp' },
      'cidrBlocks',
    ],
    [
      'a rule within the group',
      'aws_security_group',
      { ingress: [{ cidr_blocks: ['0.0.0.0/0'], from_port: 22, to_port: 22, protocol: 'tcp' }] },
      'ingress',
    ],
    [
      'a web server',
      'aws_security_group',
      { ingress: [{ cidr_blocks: ['0.0.0.0/0'], from_port: 443, to_port: 443, protocol: 'tcp' }] },
      undefined,
    ],
    ['a private block', 'aws_vpc_security_group_ingress_rule', { cidr_ipv4: '10.0.0.0/8' }, undefined],
    ['a way out', 'aws_security_group_rule', { type: 'egress', cidr_blocks: ['0.0.0.0/0'] }, undefined],
  ],
  READFLEET_POLICY_DEFAULT_SECURITY_GROUP: [
    ['a VPC whose default group is left alone', 'aws_vpc', {}, 'defaultSecurityGroupId'],
    [
      'one whose is emptied',
      'aws_vpc',
      {},
      undefined,
      { 'aws_default_security_group.a': { vpc_id: tf('aws_vpc.it.id') } },
    ],
    [
      "one beside another VPC's",
      'aws_vpc',
      {},
      'defaultSecurityGroupId',
      { 'aws_default_security_group.a': { vpc_id: tf('aws_vpc.other.id') } },
    ],
    ['rules in it', 'aws_default_security_group', { egress: [{ protocol: '-1' }] }, 'egress'],
    ['none in it', 'aws_default_security_group', { ingress: [] }, undefined],
  ],
  READFLEET_POLICY_SUBNET_ADDRESSES: [
    ['public addresses', 'aws_subnet', { map_public_ip_on_launch: true }, 'mapPublicIpOnLaunch'],
    ['none', 'aws_subnet', { map_public_ip_on_launch: false }, undefined],
  ],
  READFLEET_POLICY_FLOW_LOGS: [
    ['a VPC without', 'aws_vpc', {}, 'id'],
    ['one with', 'aws_vpc', {}, undefined, { 'aws_flow_log.a': { vpc_id: tf('aws_vpc.it.id'), traffic_type: 'ALL' } }],
    [
      'one that records what it lets in',
      'aws_vpc',
      {},
      'id',
      { 'aws_flow_log.a': { vpc_id: tf('aws_vpc.it.id'), traffic_type: 'ACCEPT' } },
    ],
  ],
  // Its own test below: it asks for the class.
  READFLEET_POLICY_TAGS: [],
};

describe.each(POLICIES.map((policy) => [policy.code, policy] as const))('%s', (code, policy) => {
  const cases = CASES[code].map(
    ([what, type, attributes, property, others]) =>
      [property === undefined ? 'passes' : 'refuses', what, type, attributes, property, others] as const,
  );

  if (cases.length > 0) {
    test.each(cases)('%s %s (%s)', (_verdict, _what, type, attributes, property, others) => {
      const stack = stackOf({ [`${type}.it`]: attributes, ...others });
      const told = policyProblems(stack).filter(
        (problem) => problem.code === code && problem.path.startsWith('own/it.'),
      );

      expect(told.map(({ path }) => path)).toEqual(property === undefined ? [] : [`own/it.${property}`]);
    });
  }

  test('says what it asks for, what is wrong and what to write', () => {
    expect(policy.title).toMatch(/^[A-Z].*\.$/);
    const refused = CASES[code].filter(([, , , property]) => property !== undefined);
    for (const [, type, attributes, , others] of refused) {
      const problems = policyProblems(stackOf({ [`${type}.it`]: attributes, ...others }));
      for (const { message, fix } of problems.filter((problem) => problem.code === code)) {
        expect(message).toMatch(/\.$/);
        expect(fix).toMatch(/\.$/);
      }
    }
  });

  test('is tried on each type that it looks at', () => {
    const tried = new Set(CASES[code].map(([, type]) => type));

    expect(policy.types.filter((type) => type !== '*' && !tried.has(type))).toEqual([]);
  });
});
