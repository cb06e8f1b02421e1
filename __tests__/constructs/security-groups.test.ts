import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Testing } from 'cdktf';
import fc from 'fast-check';
import { SecurityGroups, type SecurityGroupsProps } from '../../constructs';
import { emptyStack } from './functions/support';
import { checked } from './support/environments';
import { parse, type Synthesised, synthesise, tf } from './support/synth';

const RULES = ['aws_vpc_security_group_egress_rule', 'aws_vpc_security_group_ingress_rule'] as const;

/** `from -> to` of every rule, and whether it is the half that goes out or the one that comes in. */
function ways(stack: Synthesised): string[] {
  const group = (text: unknown) => String(text).replace(/^\$\{aws_security_group\.([\w-]+)\.id\}$/, '$1');
  return RULES.flatMap((type) =>
    Object.values(stack.resource[type] ?? {}).map((rule) => {
      const own = group(rule.security_group_id);
      const peer = group(rule.referenced_security_group_id ?? rule.cidr_ipv4);
      return type.includes('egress') ? `${own} -> ${peer}: out` : `${peer} -> ${own}: in`;
    }),
  ).sort();
}

function make(props: Partial<SecurityGroupsProps> = {}) {
  const stack = emptyStack();
  const groups = new SecurityGroups(stack, 'groups', { name: 'own', vpcId: 'vpc-1', ...props });
  return { groups, stack, json: () => parse(Testing.synth(stack, true)) };
}

const BOTH = { proxy: true, functions: true };
const both = (way: string) => [`${way}: in`, `${way}: out`];

describe('who may connect to whom', () => {
  test('clients reach members, and members reach no one', () => {
    expect(ways(make().json())).toEqual(both('clients -> members'));
    expect(Object.keys(make().json().resource.aws_security_group ?? {})).toEqual(['clients', 'members']);
  });

  test('with a proxy, clients reach it too, and it reaches the members', () => {
    expect(ways(make({ proxy: true }).json())).toEqual([
      ...both('clients -> members'),
      ...both('clients -> proxy'),
      ...both('proxy -> members'),
    ]);
  });

  test('functions reach the members, and not the proxy', () => {
    expect(ways(make(BOTH).json()).filter((way) => way.startsWith('functions'))).toEqual(both('functions -> members'));
  });

  test('a function waits for both halves of its way', () => {
    expect(make(BOTH).groups.functionsReady).toHaveLength(2);
    expect(make().groups.functionsReady).toEqual([]);
    expect(synthesise(checked()).one('aws_lambda_invocation', 'bootstrap').depends_on).toEqual(
      expect.arrayContaining([
        'aws_vpc_security_group_egress_rule.functions-to-members',
        'aws_vpc_security_group_ingress_rule.members-from-functions',
      ]),
    );
  });

  test('every rule is of PostgreSQL alone', () => {
    const { groups, json } = make(BOTH);
    groups.allowFrom({ cidr: '10.0.0.0/8' });
    const { resource } = json();

    for (const rule of RULES.flatMap((type) => Object.values(resource[type] ?? {}))) {
      expect(rule).toMatchObject({ ip_protocol: 'tcp', from_port: 5432, to_port: 5432 });
    }
  });

  test('every way between two groups of the fleet has both halves', () => {
    const halves = ways(make(BOTH).json());

    expect(halves.filter((way) => way.endsWith(': in')).map((way) => way.replace(': in', ''))).toEqual(
      halves.filter((way) => way.endsWith(': out')).map((way) => way.replace(': out', '')),
    );
  });
});

describe('a source that is let in', () => {
  test('reaches members and proxy, and is named in the rules', () => {
    const { groups, json } = make({ proxy: true });
    groups.allowFrom({ securityGroupId: 'sg-1' });
    groups.allowFrom({ cidr: '10.90.0.0/16' });
    const rules = json().resource.aws_vpc_security_group_ingress_rule ?? {};

    expect(Object.keys(rules).filter((id) => /sg-1|10-90/.test(id))).toEqual([
      'members-from-10-90-0-0-16',
      'members-from-sg-1',
      'proxy-from-10-90-0-0-16',
      'proxy-from-sg-1',
    ]);
    expect(rules['proxy-from-sg-1']).toMatchObject({
      security_group_id: tf('aws_security_group.proxy.id'),
      referenced_security_group_id: 'sg-1',
    });
    expect(rules['members-from-10-90-0-0-16']).toMatchObject({
      security_group_id: tf('aws_security_group.members.id'),
      cidr_ipv4: '10.90.0.0/16',
    });
  });

  test('is let in once, however often it is named', () => {
    const { groups, json } = make();
    for (const securityGroupId of ['sg-1', 'sg-1']) groups.allowFrom({ securityGroupId });

    expect(ways(json()).filter((way) => way.startsWith('sg-1'))).toEqual(['sg-1 -> members: in']);
  });

  test('that goes takes no other along', () => {
    const rules = (cidrs: readonly string[]) =>
      synthesise(checked({ access: { cidrs } })).resource.aws_vpc_security_group_ingress_rule;
    const { 'members-from-10-1-0-0-16': gone, ...rest } = rules(['10.1.0.0/16', '10.2.0.0/16']) ?? {};

    expect(gone).toBeDefined();
    expect(rules(['10.2.0.0/16'])).toEqual(rest);
  });

  test('that Terraform alone knows has a name of its own', () => {
    const { groups, json, stack } = make();
    const securityGroupId = new SecurityGroup(stack, 'shop', { vpcId: 'vpc-1' }).id;

    expect(() => groups.allowFrom({ securityGroupId })).toThrow(
      expect.objectContaining({ code: 'READFLEET_SOURCE_NAME' }),
    );
    groups.allowFrom({ securityGroupId, name: 'shop' });
    expect(json().one('aws_vpc_security_group_ingress_rule', 'members-from-shop')).toBeDefined();
  });

  test.each(['0.0.0.0/0', '10.0.0.0/7', '8.8.8.8/32', '172.16.0.0/11', 'everyone'])(
    'is no "%s", composed or not',
    (cidr) => {
      expect(() => make().groups.allowFrom({ cidr })).toThrow(expect.objectContaining({ code: 'READFLEET_OPEN_CIDR' }));
    },
  );

  test('is never public, whatever the block', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const address = fc
      .tuple(octet, octet, octet, octet)
      .filter(([a, b]) => a !== 10 && a !== 172 && a !== 100 && !(a === 192 && b === 168));

    fc.assert(
      fc.property(address, fc.integer({ min: 0, max: 32 }), (octets, length) => {
        const { groups } = make();
        expect(() => groups.allowFrom({ cidr: `${octets.join('.')}/${length}` })).toThrow();
      }),
      { numRuns: 30 },
    );
  });
});
