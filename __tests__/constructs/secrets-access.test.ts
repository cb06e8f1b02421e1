import { Testing } from 'cdktf';
import { type FleetNetwork, type Network, SecretsAccess, type SecretsRoute } from '../../constructs';
import { ACCOUNT, emptyStack, parseTemplate } from './functions/support';
import { checked } from './support/environments';
import { parse, type Synthesised, synthesise, tf } from './support/synth';

const NETWORK: FleetNetwork = { vpcId: 'vpc-1', subnetIds: ['subnet-1', 'subnet-2'] };
const ZONES = ['eu-central-1a', 'eu-central-1b'] as const;
const CREATED = { kind: 'create', cidr: '10.10.0.0/16', zones: ZONES } as const;
const EXISTING = {
  kind: 'existing',
  vpcId: 'vpc-1',
  subnets: { 'eu-central-1a': 'subnet-1', 'eu-central-1b': 'subnet-2' },
} as const;

function make(route: Exclude<SecretsRoute, { kind: 'none' }>, region = 'eu-central-1') {
  const stack = emptyStack();
  const access = new SecretsAccess(stack, 'access', {
    name: 'own',
    region,
    accountId: ACCOUNT,
    route,
    network: NETWORK,
    functionsSecurityGroupId: 'sg-functions',
  });
  return { access, json: () => parse(Testing.synth(stack, true)) };
}

const by = (network: Network, bootstrap: 'lambda' | 'manual' = 'lambda') =>
  synthesise(checked({ network, bootstrap: { kind: bootstrap } }));
const call = (stack: Synthesised) => stack.one('aws_lambda_invocation', 'bootstrap').depends_on as string[];
const variables = (stack: Synthesised) => JSON.stringify(stack.one('aws_lambda_function', 'bootstrap'));

describe('an endpoint of its own', () => {
  const { access, json } = make({ kind: 'endpoint' });
  const endpoint = json().one('aws_vpc_endpoint', 'secrets');

  test('stands in one subnet and takes over no name of the network', () => {
    expect(endpoint).toMatchObject({
      vpc_id: 'vpc-1',
      vpc_endpoint_type: 'Interface',
      service_name: 'com.amazonaws.eu-central-1.secretsmanager',
      private_dns_enabled: false,
      subnet_ids: ['subnet-1'],
      security_group_ids: [tf('aws_security_group.secrets.id')],
    });
  });

  test('lets secrets of this account be read, and nothing else be done', () => {
    expect(parseTemplate(endpoint.policy).Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 'secretsmanager:GetSecretValue',
        Resource: `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:*`,
      },
    ]);
  });

  test('lets in the functions alone, on 443, and they reach it', () => {
    const https = { ip_protocol: 'tcp', from_port: 443, to_port: 443 };

    expect(json().resource.aws_vpc_security_group_ingress_rule).toEqual({
      'secrets-from-functions': expect.objectContaining({
        ...https,
        security_group_id: tf('aws_security_group.secrets.id'),
        referenced_security_group_id: 'sg-functions',
      }),
    });
    expect(json().resource.aws_vpc_security_group_egress_rule).toEqual({
      'functions-to-secrets': expect.objectContaining({
        ...https,
        security_group_id: 'sg-functions',
        referenced_security_group_id: tf('aws_security_group.secrets.id'),
      }),
    });
    expect(access.ready).toHaveLength(3);
  });

  test('is called by its own name, once it is there', () => {
    const stack = by(CREATED);

    expect(variables(stack)).toContain(`https://${tf('aws_vpc_endpoint.secrets.dns_entry[0].dns_name')}`);
    expect(call(stack)).toEqual(
      expect.arrayContaining([
        'aws_vpc_endpoint.secrets',
        'aws_vpc_security_group_ingress_rule.secrets-from-functions',
        'aws_vpc_security_group_egress_rule.functions-to-secrets',
      ]),
    );
  });

  test('is what is made when nothing is said, and not when people make the roles', () => {
    expect(by(EXISTING).resource.aws_vpc_endpoint).toBeDefined();
    expect(by(EXISTING, 'manual').resource.aws_vpc_endpoint).toBeUndefined();
  });

  test('has the partition of its region', () => {
    const { policy } = make({ kind: 'endpoint' }, 'us-gov-west-1').json().one('aws_vpc_endpoint', 'secrets');

    expect(policy).toContain('arn:aws-us-gov:');
  });
});

describe('an endpoint that the network has', () => {
  const route = { kind: 'existing-endpoint', securityGroupId: 'sg-0a1b2c3d4e5f67890' } as const;

  test('is reached by its group and its usual name; nothing is made', () => {
    const { access, json } = make(route);

    expect(access.endpointUrl).toBeUndefined();
    expect(Object.keys(json().resource)).toEqual(['aws_vpc_security_group_egress_rule']);
    expect(json().one('aws_vpc_security_group_egress_rule', 'functions-to-secrets')).toMatchObject({
      referenced_security_group_id: 'sg-0a1b2c3d4e5f67890',
      from_port: 443,
    });
  });
});

describe('a NAT gateway', () => {
  const secretsRoute = { kind: 'nat', destinations: ['52.94.0.0/16', '3.120.0.0/14'] } as const;

  test('that the network has is reached for the named blocks alone', () => {
    const stack = by({ ...EXISTING, secretsRoute });
    const egress = Object.entries(stack.resource.aws_vpc_security_group_egress_rule ?? {});

    expect(egress.filter(([, rule]) => rule.cidr_ipv4 !== undefined)).toEqual([
      ['functions-to-3-120-0-0-14', expect.objectContaining({ cidr_ipv4: '3.120.0.0/14', from_port: 443 })],
      ['functions-to-52-94-0-0-16', expect.objectContaining({ cidr_ipv4: '52.94.0.0/16', from_port: 443 })],
    ]);
    expect(stack.resource.aws_nat_gateway).toBeUndefined();
    expect(variables(stack)).not.toContain('secretsEndpoint');
  });

  test('of a created network has a public subnet, which no zone has', () => {
    const stack = by({ ...CREATED, secretsRoute });

    expect(stack.one('aws_subnet', 'public')).toMatchObject({
      availability_zone: 'eu-central-1a',
      cidr_block: '10.10.255.240/28',
      map_public_ip_on_launch: false,
    });
    expect(stack.one('aws_nat_gateway', 'nat')).toMatchObject({
      subnet_id: tf('aws_subnet.public.id'),
      allocation_id: tf('aws_eip.nat.allocation_id'),
      depends_on: ['aws_internet_gateway.nat'],
    });
    expect(stack.one('aws_db_subnet_group', 'fleet').subnet_ids).not.toContain(tf('aws_subnet.public.id'));
  });

  test('has routes to the named blocks and to nowhere else', () => {
    const stack = by({ ...CREATED, secretsRoute });
    const routes = Object.values(stack.resource.aws_route ?? {});
    const to = (gateway: string) =>
      routes.filter((route) => route[gateway] !== undefined).map((route) => route.destination_cidr_block);

    expect(to('nat_gateway_id').sort()).toEqual(['3.120.0.0/14', '52.94.0.0/16']);
    expect(to('gateway_id').sort()).toEqual(['3.120.0.0/14', '52.94.0.0/16']);
    expect(routes).toHaveLength(4);
    expect(stack.text).not.toContain('0.0.0.0/0');
  });

  test('serves every private subnet, and the function waits for its routes', () => {
    const stack = by({ ...CREATED, secretsRoute });
    const associations = stack.resource.aws_route_table_association ?? {};

    expect(Object.keys(associations)).toEqual(['private-eu-central-1a', 'private-eu-central-1b', 'public']);
    expect(associations['private-eu-central-1a']?.route_table_id).toBe(tf('aws_route_table.private.id'));
    expect(associations.public?.route_table_id).toBe(tf('aws_route_table.public.id'));
    expect(call(stack)).toEqual(
      expect.arrayContaining([
        'aws_route.private-to-52-94-0-0-16',
        'aws_route_table_association.private-eu-central-1a',
      ]),
    );
  });

  test('keeps its block when a zone is added', () => {
    const more = by({ ...CREATED, zones: [...ZONES, 'eu-central-1c'], secretsRoute });

    expect(more.one('aws_subnet', 'public')).toEqual(by({ ...CREATED, secretsRoute }).one('aws_subnet', 'public'));
  });

  test('is not made for nobody: where people make the roles, nothing wants to get out', () => {
    expect(by({ ...CREATED, secretsRoute }, 'manual').resource.aws_nat_gateway).toBeUndefined();
  });
});
