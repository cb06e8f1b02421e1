import { policy, refuse, UNKNOWN } from '../policy';

export const keyRotation = policy({
  code: 'READFLEET_POLICY_KEY_ROTATION',
  title: 'Keys get new material each year.',
  controls: ['KMS.4'],
  types: ['aws_kms_key'],
  check: (resource) => {
    const spec = resource.get('customer_master_key_spec') ?? 'SYMMETRIC_DEFAULT';
    // AWS rotates no other kind, nor material that was brought along.
    if (spec === UNKNOWN || spec !== 'SYMMETRIC_DEFAULT' || resource.get('custom_key_store_id') !== undefined)
      return [];
    return refuse(resource, 'enable_key_rotation', (value) => value !== true, {
      message: 'Material that leaked once stays good for all that is encrypted later.',
      fix: 'Write enableKeyRotation: true. Old material is kept for what it encrypted.',
    });
  },
});
