import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Aspects, type TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import {
  environmentProblems,
  POLICY_CODES,
  Policies,
  type PolicyCode,
  ReadFleetStack,
  suppress,
  suppressions,
} from '../../../constructs';
import { policyProblems } from '../../../constructs/policies/policies';
import { testApp } from '../support/app';
import { checked, input } from '../support/environments';
import { emptyStack, Raw } from '../support/raw';

const SUBNETS = 'READFLEET_POLICY_SUBNET_ADDRESSES';
const REASON = 'Only the load balancers live here.';

/** A construct with two subnets that give out public addresses. */
function lobby(stack: TerraformStack): Construct {
  const scope = new Construct(stack, 'lobby');
  for (const name of ['left', 'right']) new Raw(scope, name, 'aws_subnet', { map_public_ip_on_launch: true });
  return scope;
}

const paths = (scope: Construct) => policyProblems(scope).map(({ code, path }) => `${code} ${path}`);

describe('a suppression', () => {
  test('holds for the construct and what is below it, and not beside it', () => {
    const stack = emptyStack();
    suppress(lobby(stack), SUBNETS, REASON);
    new Raw(stack, 'other', 'aws_subnet', { map_public_ip_on_launch: true });

    expect(paths(stack)).toEqual([`${SUBNETS} own/other.mapPublicIpOnLaunch`]);
  });

  test('holds for one policy alone', () => {
    const stack = emptyStack();
    const instance = new Raw(stack, 'db', 'aws_db_parameter_group', { family: 'postgres14' });
    const vpc = new Raw(stack, 'vpc', 'aws_vpc', {});
    suppress(instance, 'READFLEET_POLICY_FORCED_TLS', 'Read by a machine that knows no TLS.');
    suppress(vpc, 'READFLEET_POLICY_FLOW_LOGS', 'Recorded by the account itself.');

    expect(paths(stack)).toEqual(['READFLEET_POLICY_DEFAULT_SECURITY_GROUP own/vpc.defaultSecurityGroupId']);
  });

  test('that suppresses nothing is a problem itself', () => {
    const stack = emptyStack();
    const subnet = new Raw(stack, 'private', 'aws_subnet', { map_public_ip_on_launch: false });
    suppress(subnet, SUBNETS, REASON);

    expect(policyProblems(stack)).toEqual([
      {
        code: 'READFLEET_SUPPRESSION_STALE',
        path: 'own/private',
        got: SUBNETS,
        message: `The policy refuses nothing here, but is suppressed: "${REASON}".`,
        fix: 'Take the suppression away.',
      },
    ]);
  });

  test('that another one further down makes needless is a problem', () => {
    const stack = emptyStack();
    const subnet = new Raw(stack, 'public', 'aws_subnet', { map_public_ip_on_launch: true });
    suppress(stack, SUBNETS, REASON);
    suppress(subnet, SUBNETS, REASON);

    expect(paths(stack)).toEqual(['READFLEET_SUPPRESSION_STALE own']);
  });

  test('above the place that is looked at is used, and not told to be stale', () => {
    const stack = emptyStack();
    const scope = lobby(stack);
    suppress(stack, SUBNETS, REASON);
    suppress(stack, 'READFLEET_POLICY_BACKUPS', 'Of something that another look is for.');

    expect(policyProblems(scope)).toEqual([]);
  });

  test('of what the stage is exempt from anyway is no problem: the resource is as it says', () => {
    const stack = emptyStack();
    const key = new Raw(stack, 'key', 'aws_kms_key', { enable_key_rotation: true, deletion_window_in_days: 7 });
    suppress(key, 'READFLEET_POLICY_KEY_DELETION', 'It encrypts nothing that lasts.');

    expect(policyProblems(stack, { stage: 'development' })).toEqual([]);
  });

  test.each(['', '   ', 'because', '  too short  '])('with the reason "%s" is refused', (reason) => {
    expect(() => suppress(emptyStack(), SUBNETS, reason)).toThrow(
      expect.objectContaining({ code: 'READFLEET_SUPPRESSION_REASON', message: expect.stringContaining(SUBNETS) }),
    );
  });

  test('of a policy that does not exist is refused, with the one that was meant', () => {
    expect(() => suppress(emptyStack(), 'READFLEET_POLICY_MULTI_ZA' as PolicyCode, REASON)).toThrow(
      expect.objectContaining({
        code: 'READFLEET_SUPPRESSION_POLICY',
        message: 'own: there is no policy "READFLEET_POLICY_MULTI_ZA". Did you mean "READFLEET_POLICY_MULTI_AZ"?',
      }),
    );
  });

  test('is listed with its place and reason, for audits', () => {
    const stack = emptyStack();
    const scope = lobby(stack);
    suppress(scope, SUBNETS, `  ${REASON} `);
    suppress(stack, 'READFLEET_POLICY_FLOW_LOGS', 'Recorded by the account itself.');

    expect(suppressions(stack)).toEqual([
      { policy: 'READFLEET_POLICY_FLOW_LOGS', path: 'own', reason: 'Recorded by the account itself.' },
      { policy: SUBNETS, path: 'own/lobby', reason: REASON },
    ]);
    expect(suppressions(scope)).toHaveLength(1);
  });

  test('lets synth through', () => {
    const stack = emptyStack();
    new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
    Aspects.of(stack).add(new Policies());
    suppress(lobby(stack), SUBNETS, REASON);

    expect(() => Testing.synth(stack, true)).not.toThrow();
  });
});

describe("an environment's suppressions", () => {
  const one = { policy: 'READFLEET_POLICY_MULTI_AZ', reason: 'Staging may be away for an hour.' } as const;

  function problems(suppressed: NonNullable<Parameters<typeof input>[0]>['suppressions'], multiAz = false) {
    const environment = checked({ suppressions: suppressed ?? [] }, { multiAz });
    const stack = new ReadFleetStack(testApp(), 'test', { environment });
    try {
      Testing.synth(stack, true);
      return [];
    } catch (error) {
      return (error as { problems: { code: string; path: string }[] }).problems.map(({ code, path }) => [code, path]);
    }
  }

  test('hold for all of its resources', () => {
    expect(problems([])).toEqual([['READFLEET_POLICY_MULTI_AZ', 'test/members/primary/instance.multiAz']]);
    expect(problems([one])).toEqual([]);
  });

  test('hold for one resource, if it has one', () => {
    expect(problems([{ ...one, resource: 'aws_db_instance.primary' }])).toEqual([]);
    expect(problems([{ ...one, resource: 'aws_db_instance.other' }])).toEqual([
      ['READFLEET_SUPPRESSION_RESOURCE', 'suppressions[0].resource'],
      ['READFLEET_POLICY_MULTI_AZ', 'test/members/primary/instance.multiAz'],
    ]);
  });

  test('that suppress nothing are refused', () => {
    expect(problems([one], true)).toEqual([['READFLEET_SUPPRESSION_STALE', 'test']]);
  });

  test.each([
    [{ ...one, policy: 'READFLEET_POLICY_NONE' }, 'READFLEET_SUPPRESSION_POLICY', 'suppressions[0].policy'],
    [{ ...one, reason: '  cheap ' }, 'READFLEET_SUPPRESSION_REASON', 'suppressions[0].reason'],
    [{ ...one, resource: 'primary' }, 'READFLEET_ENVIRONMENT_INVALID', 'suppressions[0].resource'],
    [{ ...one, because: 'x' }, 'READFLEET_UNKNOWN_KEY', 'suppressions.0.because'],
  ])('%j are refused before anything is made', (suppression, code, path) => {
    expect(environmentProblems({ ...input(), suppressions: [suppression] })).toEqual([
      expect.objectContaining({ code, path }),
    ]);
  });
});

test('every policy has a code of its own', () => {
  expect(new Set(POLICY_CODES).size).toBe(POLICY_CODES.length);
});
