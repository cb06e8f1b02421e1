import { parseContract } from '../../lib/contract';
import { checked } from './support/environments';
import { synthesise } from './support/synth';

describe('the fleet contract', () => {
  test('stands in SSM and in an output, and is one once Terraform has filled it in', () => {
    const two = { blue: { zone: 'eu-central-1a', weight: 3 }, green: { zone: 'eu-central-1b' } };
    const stack = synthesise(checked({ replicas: two }));
    const parameter = stack.one('aws_ssm_parameter', 'contract');

    expect(parameter).toMatchObject({ name: '/readfleet/orders/test/contract', type: 'String', tier: 'Standard' });
    expect(stack.output.contract?.value).toBe(parameter.insecure_value);
    const filledIn = String(parameter.insecure_value).replace(/\$\{aws_db_instance\.([a-z-]+)\.[a-z_]+\}/g, '$1');
    expect(parseContract(filledIn)).toEqual({
      version: 1,
      fleet: 'orders',
      environment: 'test',
      topology: 'instances',
      region: 'eu-central-1',
      engine: { major: 17 },
      database: 'orders',
      auth: { kind: 'iam', user: 'app' },
      tls: 'verify-full',
      writer: { name: 'primary', host: 'primary', port: 5432, resourceId: 'primary' },
      readers: [
        {
          name: 'blue',
          host: 'replica-blue',
          port: 5432,
          zone: 'eu-central-1a',
          weight: 3,
          resourceId: 'replica-blue',
        },
        {
          name: 'green',
          host: 'replica-green',
          port: 5432,
          zone: 'eu-central-1b',
          weight: 1,
          resourceId: 'replica-green',
        },
      ],
      lag: { warningSeconds: 1, criticalSeconds: 5, unhealthySeconds: 120 },
    });
  });

  test('says when people are told, as the environment says it', () => {
    const changed = checked({
      lag: { warningSeconds: 2, criticalSeconds: 20 },
      alarms: { thresholds: { unhealthyMinutes: 7 } },
    });
    const { insecure_value: text } = synthesise(changed).one('aws_ssm_parameter', 'contract');

    expect(JSON.parse(String(text)).lag).toEqual({ warningSeconds: 2, criticalSeconds: 20, unhealthySeconds: 420 });
  });

  test('takes a larger parameter for many readers, and fits it', () => {
    const name = (index: number) => `${'r'.repeat(48)}${index + 10}`;
    const many = Object.fromEntries(
      Array.from({ length: 15 }, (_, index) => [name(index), { zone: index % 2 ? 'eu-central-1b' : 'eu-central-1a' }]),
    );
    const parameter = synthesise(checked({ replicas: many })).one('aws_ssm_parameter', 'contract');
    // As long as AWS's names get: identifier, account part, region and the rest.
    const host = `${'h'.repeat(63)}.${'a'.repeat(12)}.ap-southeast-1.rds.amazonaws.com`;

    expect(parameter.tier).toBe('Advanced');
    expect(String(parameter.insecure_value).replace(/\$\{[^}]*\}/g, host).length).toBeLessThan(8192);
    expect(String(parameter.insecure_value)).not.toMatch(/TfToken|e\+?308/);
  });
});
