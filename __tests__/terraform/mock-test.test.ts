import { mockTestFile, parseMockTest, type Relation } from '../../terraform/mock-test';
import type { StackJson } from '../../terraform/overrides';

const stack: StackJson = {
  provider: { aws: [{ region: 'eu-central-1' }, { alias: 'paris', region: 'eu-west-3' }] },
  resource: {
    aws_kms_key: { key: {}, paris: { provider: 'aws.paris' } },
    aws_cloudwatch_dashboard: { fleet: {} },
  },
};
const relations: Relation[] = [
  { name: 'the key rotates', condition: 'aws_kms_key.key.enable_key_rotation' },
  { name: 'the key is $' + '{mine}', condition: 'aws_kms_key.key.description == "mine"' },
];

describe('the test file', () => {
  const file = mockTestFile(stack, relations);

  test('mocks every configuration of the provider', () => {
    expect(file.mock_provider).toEqual({ aws: [{}, { alias: 'paris' }] });
  });

  test('gives resources whose values must have a form those of their own region', () => {
    expect(file.override_resource).toEqual([
      {
        target: 'aws_kms_key.key',
        values: expect.objectContaining({ arn: expect.stringContaining(':eu-central-1:') }),
      },
      { target: 'aws_kms_key.paris', values: expect.objectContaining({ arn: expect.stringContaining(':eu-west-3:') }) },
    ]);
  });

  test('plans, applies, and asks each relation of what was applied', () => {
    expect(file.run).toEqual([
      { plan: { command: 'plan' } },
      {
        apply: {
          command: 'apply',
          assert: [
            { condition: `\${aws_kms_key.key.enable_key_rotation}`, error_message: 'the key rotates' },
            // Terraform would read a name as a template.
            { condition: `\${aws_kms_key.key.description == "mine"}`, error_message: 'the key is $' + `\${mine}` },
          ],
        },
      },
    ]);
  });

  test('has no list of relations when none are asked, as Terraform takes no empty one', () => {
    expect(mockTestFile(stack, []).run).toEqual([{ plan: { command: 'plan' } }, { apply: { command: 'apply' } }]);
  });
});

describe('the outcome', () => {
  const resource = {
    address: 'aws_kms_key.paris',
    mode: 'managed',
    type: 'aws_kms_key',
    name: 'paris',
    provider_name: 'registry.example/hashicorp/aws',
    schema_version: 0,
    values: { arn: 'arn' },
    sensitive_values: { tags: {} },
    depends_on: ['aws_vpc.network'],
  };
  const passed = [
    { '@testrun': 'plan', test_run: { run: 'plan', progress: 'complete', status: 'pass' } },
    { '@testrun': 'apply', test_run: { run: 'apply', progress: 'complete', status: 'pass' } },
    {
      '@testrun': 'apply',
      test_state: { outputs: { key: { value: 'arn' } }, root_module: { resources: [resource] } },
    },
  ];
  const refusal = {
    diagnostic: {
      severity: 'error',
      summary: 'Test assertion failed',
      detail: 'x',
      snippet: {
        context: 'run[1].apply.assert[1]',
        values: [{ traversal: 'aws_kms_key.key.description', statement: 'is "yours"' }],
      },
    },
  };
  const lines = (...events: object[]) => ['no JSON', ...events.map((event) => JSON.stringify(event)), ''].join('\n');

  test('of a stack in which everything holds', () => {
    expect(parseMockTest(lines(...passed), stack, relations)).toEqual({
      runs: { plan: 'pass', apply: 'pass' },
      relations: [
        { name: 'the key rotates', holds: true, text: '' },
        { name: 'the key is $' + '{mine}', holds: true, text: '' },
      ],
      state: {
        resources: [
          {
            address: 'aws_kms_key.paris',
            mode: 'managed',
            type: 'aws_kms_key',
            name: 'paris',
            provider: 'registry.example/hashicorp/aws',
            // Terraform does not tell it, and a state file must.
            alias: 'paris',
            schemaVersion: 0,
            values: { arn: 'arn' },
            sensitive: { tags: {} },
            dependsOn: ['aws_vpc.network'],
          },
        ],
        outputs: { key: 'arn' },
      },
      diagnostics: [],
      text: '',
    });
  });

  test('names what does not hold, the values, and the constructs that they come from', () => {
    const path = (address: string) => (address === 'aws_kms_key.key' ? 'dev/key' : undefined);

    expect(parseMockTest(lines(...passed, refusal), stack, relations, path).relations).toEqual([
      { name: 'the key rotates', holds: true, text: '' },
      {
        name: 'the key is $' + '{mine}',
        holds: false,
        text: [
          'It is not so that the key is $' + '{mine}:',
          '  aws_kms_key.key.description == "mine"',
          '  aws_kms_key.key.description is "yours"  construct dev/key',
        ].join('\n'),
      },
    ]);
  });

  test('of an apply that failed: nothing holds, there is no state, and the text says why', () => {
    const failure = {
      diagnostic: { severity: 'error', summary: 'Invalid ARN', detail: 'x', address: 'aws_kms_key.key' },
    };

    const outcome = parseMockTest(lines(...passed, failure), stack, relations);

    expect(outcome.state).toBeUndefined();
    expect(outcome.relations.map(({ holds }) => holds)).toEqual([false, false]);
    expect(outcome.text).toContain('Error: Invalid ARN\n  aws_kms_key.key');
  });

  test('of a run that never was', () => {
    expect(parseMockTest('', stack, relations)).toMatchObject({
      runs: { plan: 'skip', apply: 'skip' },
      relations: [{ holds: false }, { holds: false }],
    });
  });
});
