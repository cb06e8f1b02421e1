import { policy, refuse } from '../policy';

export const queueEncryption = policy({
  code: 'READFLEET_POLICY_QUEUE_ENCRYPTION',
  title: 'Queues are encrypted.',
  controls: ['SQS.1'],
  types: ['aws_sqs_queue'],
  check: (resource) =>
    // Not said means that SQS encrypts with a key of its own.
    resource.get('kms_master_key_id') === undefined
      ? refuse(resource, 'sqs_managed_sse_enabled', (value) => value === false, {
          message: 'Messages lie unencrypted until they are read.',
          fix: 'Write kmsMasterKeyId, or sqsManagedSseEnabled: true.',
        })
      : [],
});
