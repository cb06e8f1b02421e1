import { environmentProblems } from '../../../../constructs/environment';
import { MINIMAL } from '../../support/environments';

function told(remoteReplicas: object, changes: object = {}): [string, string][] {
  return environmentProblems({ ...MINIMAL, ...changes, remoteReplicas }).map(({ code, path }) => [code, path]);
}

const dublin = {
  region: 'eu-west-1',
  zone: 'eu-west-1a',
  vpcId: 'vpc-1',
  subnets: { 'eu-west-1a': 'subnet-1', 'eu-west-1b': 'subnet-2' },
};

test('a replica may stand in another region, in a network of that region', () => {
  expect(told({ dublin })).toEqual([]);
});

test("a replica in the environment's own region is no remote one", () => {
  const near = {
    region: 'eu-central-1',
    zone: 'eu-central-1a',
    vpcId: 'vpc-1',
    subnets: { 'eu-central-1a': 'subnet-1', 'eu-central-1b': 'subnet-2' },
  };

  expect(told({ near })).toEqual([['READFLEET_REMOTE_REGION', 'remoteReplicas.near.region']]);
});

test('a replica cannot be in another part of AWS', () => {
  const beijing = {
    region: 'cn-north-1',
    zone: 'cn-north-1a',
    vpcId: 'vpc-1',
    subnets: { 'cn-north-1a': 'subnet-1', 'cn-north-1b': 'subnet-2' },
  };

  expect(told({ beijing })).toEqual([['READFLEET_REMOTE_REGION', 'remoteReplicas.beijing.region']]);
});

test('its subnets are in its region', () => {
  const subnets = { ...dublin.subnets, 'eu-central-1a': 'subnet-3' };

  expect(told({ dublin: { ...dublin, subnets } })).toEqual([
    ['READFLEET_ZONE_REGION', 'remoteReplicas.dublin.subnets'],
  ]);
});

test('it has a subnet in its zone', () => {
  expect(told({ dublin: { ...dublin, zone: 'eu-west-1c' } })).toEqual([
    ['READFLEET_REPLICA_ZONE', 'remoteReplicas.dublin.zone'],
  ]);
});

test('two in one region are in one network', () => {
  const { 'eu-west-1a': one, 'eu-west-1b': two } = dublin.subnets;
  const reversed = { 'eu-west-1b': two, 'eu-west-1a': one };
  const more = { ...dublin.subnets, 'eu-west-1c': 'subnet-3' };

  expect(told({ dublin, cork: { ...dublin, zone: 'eu-west-1b', subnets: reversed } })).toEqual([]);
  expect(told({ dublin, cork: { ...dublin, vpcId: 'vpc-2' } })).toEqual([
    ['READFLEET_REMOTE_NETWORK', 'remoteReplicas.cork'],
  ]);
  expect(told({ dublin, cork: { ...dublin, subnets: more } })).toEqual([
    ['READFLEET_REMOTE_NETWORK', 'remoteReplicas.cork'],
  ]);
});

test('no other server of the fleet has its name', () => {
  expect(told({ blue: dublin })).toEqual([['READFLEET_REMOTE_TWICE', 'remoteReplicas.blue']]);
  expect(told({ green: dublin }, { promoted: { green: { irreversible: true } } })).toEqual([
    ['READFLEET_REMOTE_TWICE', 'remoteReplicas.green'],
  ]);
});

test('what is malformed in one hides no problem of another, and makes none', () => {
  const found = told({ cork: null, dublin: { ...dublin, zone: 'eu-west-1c', vpcId: 5 } });

  expect(found.sort()).toEqual([
    ['READFLEET_ENVIRONMENT_INVALID', 'remoteReplicas.cork'],
    ['READFLEET_ENVIRONMENT_INVALID', 'remoteReplicas.dublin.vpcId'],
    ['READFLEET_REPLICA_ZONE', 'remoteReplicas.dublin.zone'],
  ]);
});
