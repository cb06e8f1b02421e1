import { type LocalFleet, startLocalFleet } from '../../local';
import { eventually } from '../support/eventually';
import { Invoked } from './invoked';

/** What tells a server's own time, or an age by it, under names that a statement finds before PostgreSQL's own. */
const WRONG_CLOCKS = `
create schema wrong_clock;
create function wrong_clock.now() returns timestamptz language sql as $$ select pg_catalog.now() + interval '10 minutes' $$;
create function wrong_clock.clock_timestamp() returns timestamptz language sql
  as $$ select pg_catalog.clock_timestamp() + interval '10 minutes' $$;
create function wrong_clock.statement_timestamp() returns timestamptz language sql
  as $$ select pg_catalog.statement_timestamp() + interval '10 minutes' $$;
create function wrong_clock.transaction_timestamp() returns timestamptz language sql
  as $$ select pg_catalog.transaction_timestamp() + interval '10 minutes' $$;
create function wrong_clock.pg_last_xact_replay_timestamp() returns timestamptz language sql
  as $$ select pg_catalog.pg_last_xact_replay_timestamp() - interval '10 minutes' $$;`;

let local: LocalFleet;
let lambda: Invoked;

beforeAll(async () => {
  local = await startLocalFleet({ replicas: ['blue'] });
  const { database } = local.contract;
  await local.primary.query(WRONG_CLOCKS);
  await local.primary.query(`alter database ${database} set search_path = wrong_clock, pg_catalog, public`);
  // Only who connects from now on has the setting, on the replica as soon as it is replayed there.
  await eventually(async () => (await apartSeconds()) > 1_000);
  lambda = new Invoked(local.contract);
});

afterAll(async () => {
  lambda?.end();
  await local?.stop();
});

/** What a monitor that believes the servers' clocks would call the lag of the replica. */
async function apartSeconds(): Promise<number> {
  const [row] = await local
    .replica('blue')
    .query<{ seconds: number }>(
      'select extract(epoch from now() - pg_last_xact_replay_timestamp())::float8 as seconds',
    );
  return row?.seconds ?? 0;
}

test('servers whose clocks are ten minutes off make no replica old: their time is not asked for', async () => {
  const { primary, blue } = await lambda.sample();
  expect(await apartSeconds()).toBeGreaterThan(1_000);
  expect(primary).toMatchObject({ state: 'serving', replica_health: 1 });
  expect(blue).toMatchObject({ state: 'serving', replica_lag_seconds: 0, replica_lag_bytes: 0 });
});

test('nor do they make one young that stands still', async () => {
  await local.replica('blue').pauseReplay();
  await local.primary.query('create table public.written (n int)');
  const seconds = await eventually(async () => {
    const { blue } = await lambda.sample();
    const seconds = blue?.replica_lag_seconds as number;
    return seconds > 0.5 && seconds;
  });
  await local.replica('blue').resumeReplay();
  expect(seconds).toBeLessThan(60);
});

test.each([-3_600_000, 3_600_000])(
  'a function’s own clock that is set by %i ms moves the documents, and no lag',
  async (step) => {
    const stepped = () => Math.floor(performance.timeOrigin + performance.now() + step);
    const clock = jest.spyOn(Date, 'now').mockImplementation(stepped);
    try {
      const first = await lambda.sample();
      const { blue } = await lambda.sample();
      for (const document of [first.blue, blue]) {
        expect(document).toMatchObject({ state: 'serving', replica_lag_seconds: 0 });
        expect(document?._aws.Timestamp).toBeLessThanOrEqual(stepped());
      }
      expect(Math.abs((blue?._aws.Timestamp as number) - stepped())).toBeLessThan(600_000);
    } finally {
      clock.mockRestore();
    }
  },
);
