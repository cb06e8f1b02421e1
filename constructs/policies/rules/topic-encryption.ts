import { policy, refuse } from '../policy';

export const topicEncryption = policy({
  code: 'READFLEET_POLICY_TOPIC_ENCRYPTION',
  title: 'Topics are encrypted with a KMS key.',
  controls: ['SNS.1'],
  types: ['aws_sns_topic'],
  check: (resource) =>
    refuse(resource, 'kms_master_key_id', (value) => value === undefined || value === '', {
      message: 'Messages lie unencrypted between publisher and subscriber.',
      fix: 'Write kmsMasterKeyId, with a key that lets the publishing service use it (alias/aws/sns lets no alarm).',
    }),
});
