import { connect, type Fleet } from '../../lib';
import { type LocalFleet, startLocalFleet } from '../../local';
import { faults } from '../../start/faults';
import { eventually } from '../support/eventually';

let local: LocalFleet;
let fleet: Fleet;
let written: number;

beforeEach(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
  fleet = await connect(() => local.contract, { contractRefreshMs: 100 });
  written = 0;
});

afterEach(async () => {
  await fleet?.close();
  await local?.stop();
});

function act(name: string, member?: string): Promise<string | undefined> {
  const contract = {
    write: async () => {
      written += 1;
    },
  };
  const action = faults(local, contract).find((fault) => fault.name === name);
  if (!action) throw new Error(`no such fault: ${name}`);
  return action.run(member);
}

function becomes(member: string, state: string): Promise<unknown> {
  const now = () => fleet.status().members.find(({ name }) => name === member)?.state.kind;
  return eventually(() => now() === state);
}

test.each([
  ['pause-replay', 'resume-replay', 'lagging'],
  ['cut-off', 'connect-again', 'disconnected'],
  ['freeze', 'thaw', 'ejected'],
  ['kill', 'bring-back', 'ejected'],
  ['promote', 'bring-back', 'promoted'],
])('%s is seen by the library, and %s mends it', async (fault, remedy, state) => {
  await act(fault, 'blue');
  // An idle primary makes no replica look old: something must be written that it does not replay.
  await local.primary.query('create table note (body text)');
  await becomes('blue', state);

  await act(remedy, 'blue');
  await becomes('blue', 'serving');
});

test('a frozen member is brought back as well', async () => {
  await act('freeze', 'green');
  await becomes('green', 'ejected');

  await act('bring-back', 'green');
  await becomes('green', 'serving');
});

test('a failover is recognised without a word from the contract, and the former primary comes back as a replica', async () => {
  const failovers: unknown[] = [];
  fleet.on('failover', (failover) => failovers.push(failover));
  await fleet.close();
  fleet = await connect(local.contract);
  fleet.on('failover', (failover) => failovers.push(failover));

  await act('fail-over', 'green');
  expect(written).toBe(0);
  await eventually(() => failovers.length === 1);
  expect(failovers).toMatchObject([{ from: 'primary', to: 'green' }]);

  expect(await act('bring-back-former')).toBe('Brought back: primary');
  expect(written).toBe(1);
  await becomes('primary', 'serving');
  expect(fleet.status().members.map(({ name, role }) => [name, role])).toEqual([
    ['green', 'primary'],
    ['blue', 'replica'],
    ['primary', 'replica'],
  ]);
});

test('a replica that is added is read from, and one that is removed is let go', async () => {
  expect(await act('add-replica')).toBe('Added: replica-1');
  await becomes('replica-1', 'serving');

  expect(await act('remove', 'blue')).toBe('Remove: blue');
  await eventually(() => !fleet.status().members.some(({ name }) => name === 'blue'));
  expect(written).toBe(2);
});

test('without a former primary there is nothing to bring back, and that is said', async () => {
  expect(await act('bring-back-former')).toBe('There is no former primary.');
});

test('each has a name of its own, a label and a help', () => {
  const all = faults(local, { write: async () => undefined });
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const { name, label, help } of all) {
    expect(name).toMatch(/^[a-z-]+$/);
    expect(label).toMatch(/^[A-Z]/);
    expect(help).toMatch(/[.)]$/);
  }
});
