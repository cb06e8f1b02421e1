import { channels, connect, type Fleet } from '../../../lib';
import { type LocalFleet, startLocalFleet } from '../../../local';

let local: LocalFleet;
let fleet: Fleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'], fleet: 'orders', environment: 'laptop' });
});

afterAll(() => local?.stop());

beforeEach(async () => {
  fleet = await connect(local.contract);
});

afterEach(() => fleet?.close());

test('that a fleet is closed is told once, before close() resolves', async () => {
  let told = 0;
  fleet.on('closed', () => {
    told += 1;
  });
  const twice = [fleet.close(), fleet.close()];
  expect(told).toBe(0);
  await twice[0];
  expect(told).toBe(1);
  await twice[1];
  expect(told).toBe(1);
});

test('the channel is told as well, with the name of the fleet', async () => {
  const publish = jest.spyOn(channels.event, 'publish');
  const subscriber = () => undefined;
  channels.event.subscribe(subscriber);
  try {
    await fleet.close();
    expect(publish).toHaveBeenLastCalledWith({ fleet: 'orders', environment: 'laptop', event: 'closed' });
  } finally {
    channels.event.unsubscribe(subscriber);
    publish.mockRestore();
  }
});

test('it is told also when a member cannot be closed', async () => {
  const other = await connect(local.contract);
  const { members } = other.internals;
  jest.spyOn(members, 'close').mockRejectedValueOnce(new Error('it hangs'));
  const told = jest.fn();
  other.on('closed', told);
  await expect(other.close()).rejects.toThrow('it hangs');
  expect(told).toHaveBeenCalledTimes(1);
  await members.close(1_000);
});
