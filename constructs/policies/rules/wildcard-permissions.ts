import { type Finding, policy } from '../policy';
import { policyTexts } from './documents';

export const wildcardPermissions = policy({
  code: 'READFLEET_POLICY_WILDCARD_PERMISSIONS',
  title: 'No policy allows everything, or everything of a service.',
  controls: ['IAM.1', 'IAM.21'],
  types: ['aws_iam_policy', 'aws_iam_role_policy'],
  check: (resource): readonly Finding[] =>
    policyTexts(resource, 'policy')
      .filter(
        (statement) =>
          statement.effect === 'Allow' && statement.actions.some((action) => /^(?:\*|[\w-]+:\*)$/.test(action)),
      )
      .map((statement) => ({
        property: 'policy',
        got: statement.source,
        message: 'It allows more than anyone can foresee, and what AWS adds to the service later as well.',
        fix: 'Name the actions.',
      })),
});
