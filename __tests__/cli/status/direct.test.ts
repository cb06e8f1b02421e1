import { main } from '../../../cli/main';
import { type LocalFleet, startLocalFleet } from '../../../local';
import type { StatusView } from '../../../monitoring/view';
import { eventually } from '../../support/eventually';
import { fakeIo, readfleet } from '../fake-io';

let local: LocalFleet;
const env = () => ({ READFLEET_CONTRACT: JSON.stringify(local.contract) });

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue', 'green'] });
});

afterAll(() => local?.stop());

test('every member of a fleet that is well', async () => {
  const { code, out } = await readfleet(['status'], { env: env() });

  expect(out).toMatch(/^local\/local {2}3 members, all well {2}/);
  expect(out).toMatch(/^primary +primary +serving +- +- +[\d.]+ ms +\d+ of 200$/m);
  expect(out).toMatch(/^blue +replica +serving +0\.\d\d s +\d+ B +[\d.]+ ms +\d+ of 200$/m);
  expect(code).toBe(0);
});

test('--json is what the page gets to see', async () => {
  const { out } = await readfleet(['status', '--json'], { env: env() });
  const view = JSON.parse(out) as StatusView;

  expect(view).toMatchObject({ fleet: 'local', environment: 'local', thresholds: { warningSeconds: 1 } });
  expect(view.members.map(({ name, role, state }) => [name, role, state])).toEqual([
    ['primary', 'primary', 'serving'],
    ['blue', 'replica', 'serving'],
    ['green', 'replica', 'serving'],
  ]);
});

test('it is gone when it has looked', async () => {
  await readfleet(['status'], { env: env() });

  await eventually(async () => {
    const sessions = await local.primary.query(
      `select from pg_stat_activity where application_name = 'readfleet status'`,
    );
    expect(sessions).toEqual([]);
  });
});

test('a replica that is gone, and one that is behind', async () => {
  await local.replica('blue').kill();
  await local.replica('green').pauseReplay();
  await local.primary.query('create table gist as select generate_series(1, 1000)');
  try {
    const { code, out } = await readfleet(['status'], { env: env() });

    expect(out).toContain('3 members, 2 not well');
    expect(out).toMatch(/^blue +replica +ejected: connect ECONNREFUSED 127\.0\.0\.1:\d+ +- +- +- +-$/m);
    expect(out).toMatch(/^green +replica +lagging +(longer than watched|\d.* s) +[\d.]+ kB /m);
    expect(code).toBe(1);
  } finally {
    await local.replica('green').resumeReplay();
    await local.replica('blue').restart();
  }
});

test('nobody can be reached: exit code 3, and why', async () => {
  const { code, out, err } = await readfleet(['status'], { env: { ...env(), READFLEET_PASSWORD: 'wrong' } });

  expect({ code, out }).toEqual({ code: 3, out: '' });
  expect(err).toMatch(/^fleet local\/local: no member can be reached\. primary \(.*\): password authentication failed/);
});

test('--watch redraws until Ctrl-C, sees what changes, and leaves', async () => {
  const ending = new AbortController();
  const io = fakeIo({ env: env(), terminal: true, signal: ending.signal });
  const running = main(['status', '--watch', '0.1'], io);
  await eventually(() => io.told.out.includes('all well'));

  await local.replica('blue').kill();
  await eventually(() => io.told.out.includes('1 not well'));
  ending.abort();

  expect(await running).toBe(0);
  expect(io.told.out).toContain('\u001b[6A\u001b[0J');
  await local.replica('blue').restart();
});
