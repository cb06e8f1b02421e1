import { headline, servesNow } from '../../../monitoring/page/client/headline';
import type { MemberView, StatusView } from '../../../monitoring/view';
import * as scenes from './scenes';
import { member, moment, moments, NOW, status } from './scenes';

const PRIMARY = member('primary', { role: 'primary' });
const BLUE = member('blue');
const GREEN = member('green');
const RED = member('red');

const down = (of: MemberView): MemberView => ({ ...of, state: 'ejected', reason: 'connect ECONNREFUSED', lag: null });
const deaf = (of: MemberView): MemberView => ({ ...of, state: 'disconnected', reason: 'no WAL receiver' });
const lagging = (of: MemberView, seconds: number | null): MemberView => ({
  ...of,
  state: 'lagging',
  lag: { seconds, bytes: null },
});

/** The headline of these members, with these reads a second, by member. */
function said(members: readonly MemberView[], reads: Record<string, number> = {}, of: Partial<StatusView> = {}) {
  return headline(
    status(members, of),
    moments(10, () => moment(members, reads)),
  );
}

test.each([
  [[PRIMARY, BLUE], 'All well: 1 replica serves'],
  [[PRIMARY, BLUE, GREEN], 'All well: 2 replicas serve'],
])('calm', (members, text) => {
  expect(said(members)).toMatchObject({ tone: 'good', text, notes: [], errors: undefined });
});

test('no replicas is no fault', () => {
  expect(said([PRIMARY])).toMatchObject({ tone: 'info', text: 'No replicas: the primary serves all reads' });
});

test('a primary that has not been asked yet is not lost', () => {
  expect(said([{ ...PRIMARY, state: 'joining' }, BLUE])).toMatchObject({
    tone: 'info',
    text: 'primary, the primary, has not answered yet',
  });
});

test.each([
  ['does not answer', [PRIMARY, down(BLUE), GREEN], 'blue does not answer; green serves all reads'],
  ['do not answer', [PRIMARY, down(BLUE), down(RED), GREEN], 'blue and red do not answer; green serves all reads'],
  [
    'fails',
    [PRIMARY, { ...down(BLUE), breaker: { state: 'open' as const, forced: null } }, GREEN],
    'blue fails (breaker open); green serves all reads',
  ],
  ['lags', [PRIMARY, lagging(BLUE, 12.3), GREEN], 'blue lags 12 s behind; green serves all reads'],
  [
    'lag',
    [PRIMARY, lagging(BLUE, 12.3), lagging(RED, 3), GREEN],
    'blue and red lag up to 12 s behind; green serves all reads',
  ],
  ['lags, unknown', [PRIMARY, lagging(BLUE, null), GREEN], 'blue lags, how far is not known; green serves all reads'],
  ['disconnected', [PRIMARY, deaf(BLUE), GREEN], 'blue receives nothing from the primary; green serves all reads'],
  [
    'promoted',
    [PRIMARY, { ...BLUE, state: 'promoted' as const }, GREEN],
    'blue was promoted and left the fleet; green serves all reads',
  ],
])('a replica that %s asks for somebody, not at once', (_, members, text) => {
  expect(said(members, { green: 50 })).toMatchObject({ tone: 'warn', text });
});

test.each([
  ['drained', { ...BLUE, state: 'draining' as const }, 'blue is drained; green serves all reads'],
  ['joining', { ...BLUE, state: 'joining' as const }, 'blue is joining; green serves all reads'],
  [
    'held open',
    { ...down(BLUE), breaker: { state: 'open' as const, forced: 'open' as const } },
    'blue is kept out by hand (breaker open); green serves all reads',
  ],
])('what people did themselves alarms nobody: %s', (_, blue, text) => {
  expect(said([PRIMARY, blue, GREEN], { green: 50 })).toMatchObject({ tone: 'info', text });
});

test('a member that is the primary at present, under its other name, is no replica that is missing', () => {
  expect(said([PRIMARY, { ...BLUE, state: 'writing' }, GREEN]).text).toBe('All well: 1 replica serves');
});

test('the worst comes first, and no more than two kinds of trouble are told', () => {
  const members = [PRIMARY, { ...BLUE, state: 'joining' as const }, lagging(RED, 3), down(member('grey')), GREEN];

  expect(said(members).text).toBe('grey does not answer, red lags 3 s behind; green serves reads');
});

test('"all reads" is said only when it is so', () => {
  const members = [PRIMARY, down(BLUE), GREEN];

  expect(said(members, { green: 50, primary: 1 }).text).toMatch(/green serves reads$/);
  expect(said(members, {}).text).toMatch(/green serves reads$/);
  expect(said(members, { green: 50 }).text).toMatch(/green serves all reads$/);
});

test('many replicas are counted, not named', () => {
  const many = ['a', 'b', 'c', 'd'].map((name) => member(name));

  expect(said([PRIMARY, down(BLUE), ...many]).text).toBe('blue does not answer; 4 replicas serve reads');
});

test('no replica that serves is bad: the primary has it all', () => {
  expect(said([PRIMARY, down(BLUE), lagging(GREEN, 8)])).toMatchObject({
    tone: 'bad',
    text: 'blue does not answer, green lags 8 s behind; the primary serves reads',
  });
  expect(said([PRIMARY, down(BLUE)], { primary: 9 }).text).toBe('blue does not answer; the primary serves all reads');
});

test('replicas drained by hand are not bad, though the primary has it all', () => {
  expect(said([PRIMARY, { ...BLUE, state: 'draining' }]).tone).toBe('info');
});

test('a switch that was thrown is said before what replicas do', () => {
  const flags = { allOff: true, endpoints: [] };

  expect(said([PRIMARY, down(BLUE)], {}, { flags })).toMatchObject({
    tone: 'warn',
    text: 'Replicas are switched off by hand: the primary serves all reads',
  });
});

describe('without a primary', () => {
  test.each(['ejected' as const, 'demoted' as const])(
    '%s: writes are refused, and who serves reads is counted',
    (state) => {
      const members = [{ ...PRIMARY, state }, deaf(BLUE), GREEN];

      expect(said(members, { blue: 5, green: 5 })).toMatchObject({
        tone: 'bad',
        text: 'Primary lost: writes are refused, 2 replicas serve reads',
      });
    },
  );

  test('that replicas serve is said when reads went there', () => {
    expect(said([down(PRIMARY), deaf(BLUE), deaf(GREEN)], { blue: 5 }).text).toMatch(/1 replica serves reads$/);
    expect(said([down(PRIMARY), deaf(BLUE), deaf(GREEN)]).text).toMatch(/2 replicas still answer$/);
  });

  test('that reads fail is said when they are sent to it all the same', () => {
    expect(said([down(PRIMARY), deaf(BLUE)], { primary: 5 }).text).toBe(
      'Primary lost: reads and writes fail, 1 replica still answers',
    );
  });

  test('all down', () => {
    expect(said([down(PRIMARY), down(BLUE)])).toMatchObject({
      tone: 'bad',
      text: 'All down: no member answers, reads and writes fail',
    });
  });

  test('with replicas switched off reads fail too', () => {
    const flags = { allOff: true, endpoints: [] };

    expect(said([down(PRIMARY), BLUE], {}, { flags }).text).toBe(
      'Primary lost while replicas are switched off: reads and writes fail',
    );
  });

  test('the primary of before is not the primary', () => {
    const former = member('orders-1', { role: 'primary', state: 'fenced' });

    expect(said([PRIMARY, BLUE, former]).text).toBe('All well: 1 replica serves');
    expect(said([former, BLUE], { blue: 1 }).text).toMatch(/^Primary lost/);
  });
});

describe('callers that see errors', () => {
  const members = [PRIMARY, BLUE];
  const failing = (secondsAgo: number) =>
    headline(
      status(members),
      moments(120, (ago) => moment(members, { blue: 5 }, ago === secondsAgo ? { failed: 3, shed: 1 } : {})),
    );

  test('make any headline bad, however well the members are', () => {
    expect(failing(20)).toMatchObject({
      tone: 'bad',
      text: '1 replica serves, but callers see errors',
      errors: '3 calls failed and 1 read was shed in the last 30 s.',
      since: undefined,
    });
  });

  test('are forgotten after half a minute', () => {
    expect(failing(31)).toMatchObject({ tone: 'good', errors: undefined });
  });
});

test('since when: of several members the one that changed last', () => {
  const members = [PRIMARY, down(BLUE), down(RED), GREEN];
  const history = moments(100, (ago) =>
    moment([PRIMARY, ago < 40 ? down(BLUE) : BLUE, ago < 20 ? down(RED) : RED, GREEN]),
  );

  expect(headline(status(members), history).since).toEqual({ at: NOW - 19_000, atLeast: false });
});

test('the topic stays while a figure moves, so that nobody is told each second', () => {
  const [one, other] = [said([PRIMARY, lagging(BLUE, 12), GREEN]), said([PRIMARY, lagging(BLUE, 13), GREEN])];

  expect(one.text).not.toBe(other.text);
  expect(one.topic).toBe(other.topic);
});

test('switches of endpoints and fallbacks are noted', () => {
  const endpoints = [
    { endpoint: 'checkout', enabled: true, rollout: 25 },
    { endpoint: 'reports', enabled: true, rollout: 100 },
    { endpoint: 'admin', enabled: false, rollout: 0 },
    { endpoint: '*', enabled: false, rollout: 0 },
  ];
  const members = [PRIMARY, BLUE];
  const history = moments(5, () => moment(members, { blue: 75, primary: 25 }, { fallback: 25 }));

  expect(headline(status(members, { flags: { allOff: false, endpoints } }), history).notes).toEqual([
    '25 % of reads fall back to the primary.',
    'Switched off by hand: admin and everything else.',
    'checkout is rolled out to 25 %.',
  ]);
});

describe('who serves now', () => {
  const text = (reads: Record<string, number>) => {
    const members = [PRIMARY, BLUE, GREEN];
    return servesNow(
      status(members),
      moments(5, () => moment(members, reads, { primary: reads.primary ?? 0 })),
    );
  };

  test('is told by where reads went, the most first', () => {
    expect(text({ blue: 20, green: 70, primary: 10 })).toBe(
      'Reads are sent to green 70 %, blue 20 %, the primary 10 %: 100 per second. Writes: 20 per second.',
    );
  });

  test('is nobody when nobody reads', () => {
    expect(text({})).toBe('No reads in the last 3 s.');
  });

  test('is left open while nothing has been counted', () => {
    expect(servesNow(status([PRIMARY]), [])).toBe('');
  });
});

test.each([
  ['empty', scenes.emptyScene(), 'No replicas: the primary serves all reads'],
  ['healthy', scenes.healthyScene(), 'All well: 2 replicas serve'],
  ['lagging', scenes.laggingScene(), 'blue lags 42 s behind; green serves reads'],
  ['all down', scenes.allDownScene(), 'All down: no member answers, reads and writes fail'],
  ['primary lost', scenes.primaryLostScene(), 'Primary lost: writes are refused, 2 replicas serve reads'],
])('the scene: %s', (_, hello, text) => {
  expect(headline(hello.status, hello.history).text).toBe(text);
});
