import { connect, type Fleet } from '../../../lib';
import { parameterReader } from '../../../lib/config/aws/read';
import { type LocalFleet, startLocalFleet } from '../../../local';
import { eventually } from '../../support/eventually';
import { type AwsEndpoint, awsVariables, startAwsEndpoint } from './aws-endpoint';

const NAME = '/readfleet/orders/production/contract';

let local: LocalFleet;
let aws: AwsEndpoint;
let fleet: Fleet | undefined;

beforeAll(async () => {
  [local, aws] = await Promise.all([startLocalFleet({ replicas: ['blue', 'green'] }), startAwsEndpoint()]);
  Object.assign(process.env, awsVariables(aws));
});

beforeEach(() => {
  aws.texts.clear();
  aws.asked.length = 0;
});

afterEach(async () => {
  await fleet?.close();
});

afterAll(async () => {
  await aws?.stop();
  await local?.stop();
});

test('a contract may be a parameter of SSM', async () => {
  aws.texts.set(NAME, JSON.stringify(local.contract));
  fleet = await connect({ ssm: NAME, region: 'eu-north-1' });
  expect(fleet.contract).toEqual(local.contract);
  expect(aws.asked).toEqual([{ target: 'AmazonSSM.GetParameter', name: NAME, region: 'eu-north-1' }]);
});

test('environment variables may name it', async () => {
  aws.texts.set(NAME, JSON.stringify(local.contract));
  fleet = await connect({ env: { READFLEET_CONTRACT: `ssm:${NAME}` } });
  expect(fleet.contract).toEqual(local.contract);
  expect(aws.asked).toMatchObject([{ region: 'eu-central-1' }]);
});

test('an ARN says its region', async () => {
  const arn = 'arn:aws:ssm:eu-west-3:111122223333:parameter/x';
  aws.texts.set(arn, 'text');
  expect(await parameterReader(arn)()).toBe('text');
  expect(aws.asked).toMatchObject([{ region: 'eu-west-3' }]);
});

test('it is asked for again, and replicas come and go with it; a failure is trouble and no more', async () => {
  const [blue, green] = local.contract.readers;
  aws.texts.set(NAME, JSON.stringify({ ...local.contract, readers: [blue] }));
  fleet = await connect({ ssm: NAME }, { contractRefreshMs: 20 });
  const troubles: Error[] = [];
  fleet.on('trouble', ({ error }) => troubles.push(error));
  aws.texts.delete(NAME);
  await eventually(() => troubles.length > 0);
  expect(troubles[0]?.message).toMatch(new RegExp(`^SSM parameter ${NAME}: .*Look at its name and region`));
  aws.texts.set(NAME, JSON.stringify({ ...local.contract, readers: [blue, green] }));
  await eventually(() => fleet?.status().members.length === 3);
});

test('one that may not be read says which permission is missing', async () => {
  aws.texts.set(NAME, { error: 'AccessDeniedException' });
  await expect(connect({ ssm: NAME })).rejects.toThrow(/needs ssm:GetParameter on it/);
});

test('one that is empty is told as such', async () => {
  aws.texts.set(NAME, '');
  await expect(connect({ ssm: NAME })).rejects.toThrow(`SSM parameter ${NAME}: it holds no text.`);
});
