import { policy, refuse, UNKNOWN } from '../policy';

const LIMITS = ['source_account', 'source_arn', 'principal_org_id'] as const;

export const functionAccess = policy({
  code: 'READFLEET_POLICY_FUNCTION_ACCESS',
  title: 'No Lambda function can be called by everyone.',
  controls: ['Lambda.1'],
  types: ['aws_lambda_permission', 'aws_lambda_function_url'],
  check: (resource) => {
    if (resource.type === 'aws_lambda_function_url') {
      return refuse(resource, 'authorization_type', (value) => value === 'NONE', {
        message: 'Whoever finds the address can call the function.',
        fix: "Write authorizationType: 'AWS_IAM'.",
      });
    }
    const limited = LIMITS.some(
      (property) => resource.get(property) === UNKNOWN || resource.get(property) !== undefined,
    );
    if (limited) return [];
    return [
      ...refuse(resource, 'principal', (value) => value === '*', {
        message: 'Every AWS account may call the function.',
        fix: 'Name the service or account that calls it, and sourceArn.',
      }),
      // A bucket's name is free again once it is deleted, and then anyone's.
      ...refuse(resource, 'principal', (value) => value === 's3.amazonaws.com', {
        message: 'A bucket of any account could call the function.',
        fix: 'Write sourceAccount too.',
      }),
    ];
  },
});
