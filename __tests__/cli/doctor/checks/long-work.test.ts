import { longWork } from '../../../../cli/doctor/checks/long-work';
import { but, butBasics, found, healthy, hidden, items, settings, told } from '../facts';

const transactions = (longestSeconds: number, idleSeconds = 0, xminAge: number | null = 1) => ({
  transactions: found({ longestSeconds, idleSeconds, xminAge }),
});
const feedback = { settings: settings({ hot_standby_feedback: 'on' }) };

test('a transaction of more than five minutes', () => {
  expect(told(longWork, but(healthy(), { blue: transactions(301) }), 'long.transactions')).toEqual([
    'warning blue: a transaction has been open for 5 min',
  ]);
  expect(told(longWork, but(healthy(), { blue: transactions(300) }), 'long.transactions')).toEqual([
    'ok: none is longer than 5 min',
  ]);
});

test('one that is idle is told as such', () => {
  expect(told(longWork, but(healthy(), { primary: transactions(900, 600) }), 'long.transactions')).toEqual([
    'warning primary: a transaction has been open and idle for 10 min',
  ]);
});

test.each([
  ['primary', {}, 'It holds back vacuum everywhere'],
  ['blue', feedback, 'It holds back vacuum on the primary (hot_standby_feedback)'],
  ['blue', {}, 'It holds up replay, or will be cancelled'],
])('what it holds on %s', (name, rest, text) => {
  const facts = but(healthy(), { [name]: { ...rest, ...transactions(400) } });

  expect(items(longWork, facts, 'long.transactions')[0]?.fix).toContain(text);
});

test('a role that does not see what others do cannot tell', () => {
  const blind = ['primary', 'blue', 'green'].reduce(
    (facts, name) => butBasics(facts, name, { seesOthers: false }),
    healthy(),
  );

  expect(told(longWork, blind, 'long.transactions')).toEqual(['unknown: role "app" does not see them']);
});

test('who holds back vacuum', () => {
  const sender = { pid: 1, application: 'blue', state: 'streaming', sync: 'async', xminAge: 20_000_000 };
  const slot = {
    name: 'etl',
    kind: 'logical',
    active: true,
    activePid: 2,
    walStatus: 'reserved',
    retainedBytes: 0,
    xminAge: 30_000_000,
  } as const;
  const facts = but(healthy(), {
    primary: { ...transactions(1, 0, 10_000_001), senders: found([sender]), slots: found([slot]) },
  });

  expect(told(longWork, facts, 'long.vacuum')).toEqual([
    'warning: vacuum waits for a session on the primary, 10,000,001 transactions back: tables grow',
    'warning: vacuum waits for reads on blue, 20,000,000 transactions back: tables grow',
    'warning: vacuum waits for slot etl, 30,000,000 transactions back: tables grow',
  ]);
  expect(told(longWork, but(healthy(), { primary: transactions(1, 0, 10_000_000) }), 'long.vacuum')).toEqual([
    'ok: nothing holds back vacuum by much',
  ]);
});

test('reads that replay cancelled, and what to do about them', () => {
  const cancelled = { conflicts: found({ cancelled: 2, since: '2026-01-02' }) };

  const [without] = items(longWork, but(healthy(), { blue: cancelled }), 'long.conflicts');
  const [withFeedback] = items(longWork, but(healthy(), { blue: { ...cancelled, ...feedback } }), 'long.conflicts');

  expect(without).toMatchObject({ verdict: 'warning', found: 'replay cancelled 2 reads since 2026-01-02' });
  expect(without?.fix).toContain('hot_standby_feedback would spare most of them');
  expect(withFeedback?.fix).toContain('also with hot_standby_feedback');
});

test('conflicts that cannot be seen', () => {
  expect(told(longWork, but(healthy(), { green: { conflicts: hidden('denied') } }), 'long.conflicts')).toEqual([
    'unknown green: denied',
  ]);
});
