import { type Finding, policy } from '../policy';
import { allowed, policyTexts } from './documents';

const DECRYPTS = ['kms:decrypt', 'kms:reencryptfrom'];
/** All keys, of one account and region or of all. */
const ALL_KEYS = /^(?:\*|arn:[^:]*:kms:[^:]*:[^:]*:(?:\*|key\/\*))$/;

export const decryptAll = policy({
  code: 'READFLEET_POLICY_DECRYPT_ALL',
  title: 'No identity may decrypt with every key.',
  controls: ['KMS.1', 'KMS.2'],
  types: ['aws_iam_policy', 'aws_iam_role_policy', 'aws_iam_group_policy', 'aws_iam_user_policy'],
  check: (resource): readonly Finding[] =>
    policyTexts(resource, 'policy')
      .filter((statement) => allowed(statement, DECRYPTS) && statement.resources.some((one) => ALL_KEYS.test(one)))
      .map((statement) => ({
        property: 'policy',
        got: statement.source,
        message: 'Who has it reads whatever any key of the account protects.',
        fix: "Name the key's ARN in Resource.",
      })),
});
