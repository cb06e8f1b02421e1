import { z } from 'zod';
import { isPolicyCode, type PolicyCode } from '../../policies/rules';
import { because, resource } from '../schema-parts';

/** Shorter is no reason, but a shrug. */
export const REASON_LENGTH = 12;

export const suppressions = z.array(
  z.strictObject({
    policy: z
      .custom<PolicyCode>()
      .refine(
        isPolicyCode,
        because(
          'READFLEET_SUPPRESSION_POLICY',
          'There is no such policy.',
          'Write one of docs/policies.md, e.g. "READFLEET_POLICY_MULTI_AZ".',
        ),
      ),
    reason: z
      .string('Must be a text.')
      .refine(
        (reason) => reason.trim().length >= REASON_LENGTH,
        because(
          'READFLEET_SUPPRESSION_REASON',
          `Whoever audits it must learn why: ${REASON_LENGTH} characters or more.`,
          'Say why the policy need not hold here.',
        ),
      ),
    resource: resource.optional(),
  }),
);
