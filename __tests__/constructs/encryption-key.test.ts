import { Testing } from 'cdktf';
import { EncryptionKey, type EncryptionKeyProps } from '../../constructs';
import { emptyStack, parseTemplate } from './functions/support';
import { parse, type Synthesised, tf } from './support/synth';

const ACCOUNT = tf('element(split(":", aws_kms_key.fleet.arn), 4)');

function synthesiseKey(changes: Partial<EncryptionKeyProps> = {}): Synthesised {
  const stack = emptyStack();
  new EncryptionKey(stack, 'key', { fleet: 'orders', environment: 'production', region: 'eu-central-1', ...changes });
  return parse(Testing.synth(stack, true));
}

const statements = (stack: Synthesised) => parseTemplate(stack.one('aws_kms_key_policy', 'fleet').policy).Statement;

describe('the key', () => {
  test('rotates, is hard to lose, and has a name', () => {
    const stack = synthesiseKey();

    expect(stack.one('aws_kms_key', 'fleet')).toMatchObject({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
    expect(stack.one('aws_kms_alias', 'fleet')).toMatchObject({
      name: 'alias/readfleet/orders-production',
      target_key_id: tf('aws_kms_key.fleet.key_id'),
    });
  });

  test('can be thrown away where the environment says so', () => {
    expect(synthesiseKey({ deletionWindowDays: 7, preventDestroy: false }).one('aws_kms_key', 'fleet')).toMatchObject({
      deletion_window_in_days: 7,
      lifecycle: { prevent_destroy: false },
    });
  });
});

describe('its policy', () => {
  test('names the account by the key’s own ARN, so that nobody is asked for it', () => {
    expect(synthesiseKey().one('aws_kms_key_policy', 'fleet').key_id).toBe(tf('aws_kms_key.fleet.key_id'));
    expect(statements(synthesiseKey())[0]).toEqual({
      Sid: 'IamDecides',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: 'kms:*',
      Resource: '*',
    });
  });

  test('lets CloudWatch Logs use it for the logs of the fleet’s functions alone', () => {
    expect(statements(synthesiseKey())[1]).toMatchObject({
      Principal: { Service: 'logs.eu-central-1.amazonaws.com' },
      Condition: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:/aws/lambda/orders-production-*`,
        },
      },
    });
  });

  test('lets alarms and events of this account into an encrypted topic', () => {
    expect(statements(synthesiseKey())[2]).toMatchObject({
      Principal: { Service: ['cloudwatch.amazonaws.com', 'events.rds.amazonaws.com'] },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
    });
  });

  test('lets no one else in, and no service without a condition', () => {
    const all: { Principal: object; Condition?: object }[] = statements(synthesiseKey());

    expect(all).toHaveLength(3);
    for (const { Principal, Condition } of all) expect('Service' in Principal).toBe(Condition !== undefined);
  });

  test.each([
    ['cn-north-1', 'aws-cn', 'logs.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'aws-us-gov', 'logs.us-gov-west-1.amazonaws.com'],
  ])('in %s speaks of partition %s and of %s', (region, partition, logs) => {
    const [iam, ofLogs] = statements(synthesiseKey({ region }));

    expect(iam.Principal.AWS).toBe(`arn:${partition}:iam::${ACCOUNT}:root`);
    expect(ofLogs.Principal.Service).toBe(logs);
    expect(ofLogs.Condition.ArnLike['kms:EncryptionContext:aws:logs:arn']).toMatch(
      new RegExp(`^arn:${partition}:logs:`),
    );
  });
});
