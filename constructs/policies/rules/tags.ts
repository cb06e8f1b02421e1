import { isUnknownText, policy, refuse } from '../policy';

export const tags = policy({
  code: 'READFLEET_POLICY_TAGS',
  title: 'Whatever takes tags has them.',
  controls: ['RDS.28', 'RDS.30', 'RDS.33', 'Lambda.6', 'SecretsManager.5', 'SNS.3'],
  types: ['*'],
  check: (resource, stack) =>
    resource.taggable
      ? refuse(
          resource,
          'tags',
          (value) => {
            const keys = [...Object.keys((value as object | undefined) ?? {}), ...stack.defaultTags];
            if (keys.some(isUnknownText)) return false;
            return stack.wantedTags.length > 0
              ? stack.wantedTags.some((wanted) => !keys.includes(wanted))
              : keys.every((key) => key.startsWith('aws:'));
          },
          {
            message: 'Nobody can tell whose it is: costs, access by tag and clean-up go by tags.',
            fix:
              stack.wantedTags.length > 0
                ? `Give it the tags ${stack.wantedTags.join(', ')}: Aspects.of(stack).add(new Tags({ … })).`
                : 'Give it a tag, or all of the stack: Aspects.of(stack).add(new Tags({ … })).',
          },
        )
      : [],
});
