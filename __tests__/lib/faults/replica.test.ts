import { type LocalFleet, startLocalFleet } from '../../../local';
import { SOUND, type Soundness, soundnessOf } from './report';
import { type Scene, whileLoaded } from './rig';

/** A second of the load, and a little. */
const A_SECOND = 600;

let local: LocalFleet;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'], network: true });
});

afterAll(() => local?.stop());

/** What readers and writers met while `fault` happened: nothing, it is hoped, but the line that is printed. */
async function under(name: string, fault: (scene: Scene) => Promise<void>): Promise<Soundness> {
  return soundnessOf(await whileLoaded(local, name, fault));
}

test('a replica is killed, and comes back', async () => {
  const blue = local.replica('blue');
  const met = await under('SIGKILL', async ({ load, becomes, serves }) => {
    await blue.kill();
    await load.pass(A_SECOND);
    await becomes('blue', 'ejected');
    await blue.restart();
    await becomes('blue', 'serving');
    await serves('blue');
  });
  expect(met).toEqual(SOUND);
});

test('a replica is frozen: it takes connections, and answers nothing until it is thawed', async () => {
  const green = local.replica('green');
  const met = await under('SIGSTOP', async ({ load, becomes, serves }) => {
    await green.freeze();
    await becomes('green', 'ejected');
    await load.settled();
    await load.pass(A_SECOND);
    await green.thaw();
    await becomes('green', 'serving');
    await serves('green');
  });
  expect(met).toEqual(SOUND);
});

test('the replay of a replica stands still, and goes on', async () => {
  const blue = local.replica('blue');
  const met = await under('paused replay', async ({ load, becomes, serves }) => {
    await blue.pauseReplay();
    await becomes('blue', 'lagging');
    await load.pass(A_SECOND);
    await blue.resumeReplay();
    await becomes('blue', 'serving');
    await serves('blue');
  });
  expect(met).toEqual(SOUND);
});

test('the network of a replica is slow and narrow', async () => {
  const { network } = local.replica('green');
  const met = await under('slow network', async ({ load, serves }) => {
    network.delay(200);
    network.throttle(50_000);
    await load.pass(A_SECOND);
    await network.heal();
    await serves('green');
  });
  expect(met).toEqual(SOUND);
});

test('a replica is cut off from its clients, without a word', async () => {
  const { network } = local.replica('blue');
  const met = await under('network partition', async ({ load, becomes, serves }) => {
    network.drop();
    await becomes('blue', 'ejected');
    await load.settled();
    await load.pass(A_SECOND);
    await network.heal();
    await becomes('blue', 'serving');
    await serves('blue');
  });
  expect(met).toEqual(SOUND);
});

test('a replica hears nothing more from the primary', async () => {
  const green = local.replica('green');
  const met = await under('dead walreceiver', async ({ load, becomes, serves }) => {
    await green.stopReceiving();
    await becomes('green', 'disconnected');
    await load.pass(A_SECOND);
    await green.resumeReceiving();
    await becomes('green', 'serving');
    await serves('green');
  });
  expect(met).toEqual(SOUND);
});

test('all connections of a replica are reset, again and again', async () => {
  const { network } = local.replica('blue');
  const met = await under('connection reset', async ({ load, serves }) => {
    for (let turn = 0; turn < 4; turn += 1) {
      network.reset();
      await load.pass(A_SECOND / 4);
    }
    await serves('blue');
  });
  expect(met).toEqual(SOUND);
});

test('each replica is restarted in its turn, and again', async () => {
  const met = await under('restart storm', async ({ becomes, load }) => {
    for (const name of ['blue', 'green', 'blue', 'green']) {
      await local.replica(name).restart();
      await becomes(name, 'serving');
    }
    await load.pass(A_SECOND / 4);
  });
  expect(met).toEqual(SOUND);
});

test('a replica is taken in, drained, taken back and removed', async () => {
  const met = await under('add, drain, remove', async ({ fleet, load, becomes, serves }) => {
    const { name, host, address } = await local.addReplica('red');
    await fleet.replicas.add({ name, host, port: address.port });
    await becomes('red', 'serving');
    await serves('red');
    expect(await fleet.replicas.drain('red')).toBe(true);
    await load.pass(A_SECOND / 4);
    fleet.replicas.undrain('red');
    await serves('red');
    await fleet.replicas.remove('red');
    await local.removeReplica('red');
    await load.pass(A_SECOND / 4);
  });
  expect(met).toEqual(SOUND);
});
