import { mockedValues } from '../../terraform/mock-values';

const region = 'eu-central-1';

test('two resources of one type have nothing in common, so that no relation holds by accident', () => {
  const [blue, green] = ['replica-blue', 'replica-green'].map((name) =>
    mockedValues({ type: 'aws_db_instance', name, region }),
  );

  for (const attribute of ['arn', 'id', 'resource_id', 'address']) {
    expect(blue?.[attribute]).not.toBe(green?.[attribute]);
  }
});

test('the same resource has the same values in every run', () => {
  const resource = { type: 'aws_kms_key', name: 'fleet', region };

  expect(mockedValues(resource)).toEqual(mockedValues({ ...resource }));
});

test('a key in another region has an ARN of that region', () => {
  expect(mockedValues({ type: 'aws_kms_key', name: 'remote', region: 'eu-west-1' })).toMatchObject({
    arn: expect.stringMatching(/^arn:aws:kms:eu-west-1:111122223333:key\/[0-9a-f-]{36}$/),
  });
});

test('a cluster has the secret that AWS would have made', () => {
  expect(mockedValues({ type: 'aws_rds_cluster', name: 'fleet', region })).toMatchObject({
    master_user_secret: [{ secret_arn: expect.stringMatching(/^arn:aws:secretsmanager:/) }],
  });
});

test('of a type that needs no form, Terraform makes the values up', () => {
  expect(mockedValues({ type: 'aws_cloudwatch_dashboard', name: 'fleet', region })).toBeUndefined();
});
