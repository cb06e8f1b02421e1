import { type Finding, policy } from '../policy';
import { type Condition, policyTexts } from './documents';

/** Conditions that say who it is. */
const LIMITS: readonly string[] = [
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'kms:calleraccount',
];

export const openPolicy = policy({
  code: 'READFLEET_POLICY_OPEN_TO_EVERYONE',
  title: 'No key, topic, queue or secret is open to every AWS account.',
  controls: ['KMS.5', 'SNS.4', 'SQS.3'],
  types: [
    'aws_kms_key',
    'aws_kms_key_policy',
    'aws_sns_topic',
    'aws_sns_topic_policy',
    'aws_sqs_queue',
    'aws_sqs_queue_policy',
    'aws_secretsmanager_secret',
    'aws_secretsmanager_secret_policy',
  ],
  check: (resource): readonly Finding[] =>
    policyTexts(resource, 'policy')
      .filter(
        ({ effect, principals, conditions }) =>
          effect === 'Allow' && principals.includes('*') && !conditions.some(isLimit),
      )
      .map((statement) => ({
        property: 'policy',
        got: statement.source,
        message: 'Every AWS account may do this with it.',
        fix: 'Name who may in Principal, or add a condition on aws:SourceAccount or aws:SourceArn.',
      })),
});

function isLimit({ operator, key, values }: Condition): boolean {
  // "is not" lets in all but one; a lone wildcard lets in all.
  return LIMITS.includes(key) && !/not/i.test(operator) && values.length > 0 && !values.includes('*');
}
