import { isUnknownText, policy, refuse } from '../policy';

export const functionNetwork = policy({
  code: 'READFLEET_POLICY_FUNCTION_NETWORK',
  title: 'Lambda functions run in two private subnets or more.',
  controls: ['Lambda.3', 'Lambda.5'],
  types: ['aws_lambda_function'],
  check: (resource) =>
    refuse(
      resource,
      'vpc_config.subnet_ids',
      (value) => !Array.isArray(value) || (value.length < 2 && !value.some(isList)),
      {
        message: 'Outside of a network it reaches no member; in one subnet it is gone with the zone.',
        fix: 'Write vpcConfig with subnets of two zones and a security group.',
      },
    ),
});

/** Whether one item stands for a list: `${…[*].id}`. */
function isList(item: unknown): boolean {
  return isUnknownText(item) && String(item).includes('*');
}
