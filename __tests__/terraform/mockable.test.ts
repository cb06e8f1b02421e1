import { mockable, STAND_IN } from '../../terraform';

const password = `\${ephemeral.aws_secretsmanager_random_password.master-password.random_password}`;

test('a local stands in for each ephemeral value, and its text can be searched for', () => {
  const stack = {
    ephemeral: { aws_secretsmanager_random_password: { 'master-password': { password_length: 40 } } },
    locals: { mine: 1 },
    resource: { aws_db_instance: { primary: { password_wo: password, tags: [`x ${password}`] } } },
  };
  const local = 'local.ephemeral_aws_secretsmanager_random_password_master-password.random_password';

  expect(mockable(stack)).toEqual({
    locals: {
      mine: 1,
      'ephemeral_aws_secretsmanager_random_password_master-password': {
        random_password: `${STAND_IN}-master-password`,
      },
    },
    resource: { aws_db_instance: { primary: { password_wo: `\${${local}}`, tags: [`x \${${local}}`] } } },
  });
});

test('nothing is protected from the end of the test, and other lifecycle rules stay', () => {
  const resource = {
    aws_kms_key: { key: { description: 'x', lifecycle: { prevent_destroy: true } } },
    aws_db_instance: { primary: { lifecycle: { prevent_destroy: true, ignore_changes: ['tags'] } } },
  };

  expect(mockable({ resource })).toEqual({
    locals: {},
    resource: {
      aws_kms_key: { key: { description: 'x' } },
      aws_db_instance: { primary: { lifecycle: { ignore_changes: ['tags'] } } },
    },
  });
});

test('the stack itself is left as it was', () => {
  const stack = { resource: { aws_kms_key: { key: { lifecycle: { prevent_destroy: true } } } } };
  const before = structuredClone(stack);

  mockable(stack);

  expect(stack).toEqual(before);
});
