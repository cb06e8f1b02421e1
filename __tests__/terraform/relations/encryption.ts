import type { Relation } from '../../../terraform';
import type { RelationsOf, Stack } from './stack';

/** Where a resource says which key encrypts it. */
const KEY_ATTRIBUTES = [
  'kms_key_id',
  'kms_key_arn',
  'kms_master_key_id',
  'master_user_secret_kms_key_id',
  'performance_insights_kms_key_id',
];

/** What AWS would encrypt with a key of its own, or not at all, if nothing were said. */
const MUST_SAY: Readonly<Record<string, string>> = {
  aws_cloudwatch_log_group: 'kms_key_id',
  aws_rds_cluster: 'kms_key_id',
  aws_secretsmanager_secret: 'kms_key_id',
  aws_sns_topic: 'kms_master_key_id',
};

/** One key for all that the fleet keeps. What lies in another region has one of that region. */
export const encryptionRelations: RelationsOf = (_environment, stack) => [
  ...KEY_ATTRIBUTES.flatMap((attribute) =>
    stack.having(attribute).map((address) => encrypted(stack, address, attribute)),
  ),
  ...Object.entries(MUST_SAY).flatMap(([type, attribute]) =>
    stack
      .all(type)
      .filter((address) => stack.said(address)?.[attribute] === undefined)
      .map((address) => encrypted(stack, address, attribute)),
  ),
  ...stack.all('aws_sqs_queue').map((address) => ({
    // By SQS itself: a failed call of a function that takes no secret is no secret either.
    name: `${address} is encrypted`,
    condition: `${address}.sqs_managed_sse_enabled`,
  })),
  { name: 'the alias is of the key', condition: 'aws_kms_alias.fleet.target_key_id == aws_kms_key.fleet.key_id' },
  { name: 'the policy is of the key', condition: 'aws_kms_key_policy.fleet.key_id == aws_kms_key.fleet.key_id' },
];

function encrypted(stack: Stack, address: string, attribute: string): Relation {
  const key = keyOf(stack, address);
  return {
    name: `${address}.${attribute} is the key of its region`,
    condition: `contains([${key}.arn, ${key}.key_id], ${address}.${attribute})`,
  };
}

function keyOf(stack: Stack, address: string): string {
  const provider = stack.said(address)?.provider;
  const keys = [...stack.all('aws_kms_key'), ...stack.all('aws_kms_replica_key')];
  return keys.find((key) => stack.said(key)?.provider === provider) ?? 'aws_kms_key.fleet';
}
