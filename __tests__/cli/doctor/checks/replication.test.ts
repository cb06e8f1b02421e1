import { replication } from '../../../../cli/doctor/checks/replication';
import type { Replay } from '../../../../cli/doctor/facts';
import { but, butBasics, found, healthy, hidden, items, routing, silent, status, told, withContract } from '../facts';

const replay = (given: Partial<Replay>) => ({
  replay: found({ paused: false, receiver: 'streaming', hasReceiver: true, slot: 'blue', ...given }),
});

test('each standby streams, and how its primary waits for it', () => {
  expect(told(replication, healthy(), 'replication.streams')).toEqual([
    'ok: blue streams (async), green streams (sync)',
  ]);
});

test('a sender without a slot is known by its name', () => {
  const sender = { pid: 13, application: 'blue', state: 'catchup', sync: 'async', xminAge: null };
  const facts = but(healthy(), { primary: { senders: found([sender]) }, blue: replay({ slot: null }) });

  expect(told(replication, facts, 'replication.streams')).toEqual([
    'warning blue: the primary is in state "catchup" with it',
  ]);
});

test('a standby without a WAL receiver', () => {
  const facts = but(healthy(), { blue: replay({ hasReceiver: false, receiver: null, slot: null }) });

  expect(told(replication, facts, 'replication.streams')).toEqual([
    'not ok blue: receives no log: there is no WAL receiver, so what it shows grows old',
  ]);
});

test('a WAL receiver that is only just connecting', () => {
  expect(told(replication, but(healthy(), { blue: replay({ receiver: 'starting' }) }), 'replication.streams')).toEqual([
    'warning blue: its WAL receiver is "starting"',
  ]);
});

test('replay that is paused', () => {
  const [item] = items(replication, but(healthy(), { green: replay({ paused: true }) }), 'replication.replay');

  expect(item).toMatchObject({ verdict: 'not ok', member: 'green', fix: 'On it: select pg_wal_replay_resume();' });
});

describe('timelines', () => {
  const judge = (facts: Parameters<typeof told>[1]) => told(replication, facts, 'replication.timeline');

  test('a standby of another primary', () => {
    expect(judge(but(healthy(), { primary: { timeline: found(2) }, green: { timeline: found(2) } }))).toEqual([
      expect.stringMatching(/^not ok blue: follows timeline 1, the primary is on 2/),
    ]);
  });

  test('one that the role may not see', () => {
    const facts = butBasics(but(healthy(), { blue: { timeline: found(null) } }), 'blue', { seesOthers: false });

    expect(judge(facts)).toEqual(['unknown blue: role "app" may not see it']);
    expect(items(replication, facts, 'replication.timeline')[0]?.fix).toContain('grant pg_monitor to "app"');
  });

  test('without a primary there is none to compare with', () => {
    expect(judge(silent(healthy(), ['primary']))).toEqual(['unknown: the timeline of the primary is not known']);
  });
});

describe('lag', () => {
  const judge = (lag: { seconds: number; bytes: number | undefined } | undefined, watchedSeconds = 1.5) =>
    told(
      replication,
      healthy({
        routing: found(
          routing({ members: [status('primary'), status('blue', { lag }), status('green')], watchedSeconds }),
        ),
      }),
      'replication.lag',
    );

  test('within the thresholds of the contract', () => {
    expect(judge({ seconds: 0.9, bytes: 1_000 })).toEqual(['ok: blue 0.90 s (1.0 kB), green 0.02 s (100 B)']);
  });

  test('past the warning, and past critical', () => {
    expect(judge({ seconds: 1.1, bytes: 2_000_000 })).toEqual([
      'warning blue: 1.10 s behind, 2.0 MB of log; the warning is at 1 s',
    ]);
    expect(judge({ seconds: 5.1, bytes: undefined })).toEqual(['not ok blue: 5.10 s behind; critical is 5 s']);
  });

  test('further behind than it was watched is at least that', () => {
    expect(judge({ seconds: Number.POSITIVE_INFINITY, bytes: 1 }, 1.5)).toEqual([
      'warning blue: more than 1.50 s behind, 1 B of log; the warning is at 1 s',
    ]);
    expect(judge({ seconds: Number.POSITIVE_INFINITY, bytes: 1 }, 5.3)).toEqual([
      'not ok blue: more than 5.30 s behind, 1 B of log; critical is 5 s',
    ]);
    expect(judge({ seconds: Number.POSITIVE_INFINITY, bytes: 1 }, 0.5)).toEqual([
      expect.stringMatching(/^warning blue/),
    ]);
  });

  test('that is not known is not ok', () => {
    expect(judge(undefined)).toEqual(['not ok blue: not known, so no read with a bound is sent there']);
  });

  test('of a replica that the library could not ask, and of a fleet that it could not connect to', () => {
    const members = [
      status('primary'),
      status('blue', { state: { kind: 'ejected', reason: 'gone' } }),
      status('green'),
    ];

    expect(told(replication, healthy({ routing: found(routing({ members })) }), 'replication.lag')).toEqual([
      'unknown blue: the library got no answer: gone',
    ]);
    expect(told(replication, healthy({ routing: hidden('no way') }), 'replication.lag')).toEqual(['unknown: no way']);
  });
});

test('Aurora streams no log, and lags all the same', () => {
  const ids = items(replication, healthy({ contract: withContract({ topology: 'aurora' }) })).map(({ id }) => id);

  expect(ids).toEqual(['replication.lag']);
});

test('without standbys there is nothing to follow', () => {
  expect(told(replication, healthy({ contract: withContract({ readers: [] }) }))).toEqual([]);
  expect(told(replication, silent(healthy(), ['blue', 'green']))).toEqual(['unknown: no standby answers']);
});
