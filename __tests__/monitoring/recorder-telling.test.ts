import fc from 'fast-check';
import type { MemberState } from '../../lib';
import { type SingleEvent, tellEvent, withoutValues } from '../../monitoring/telling';

const lag = { seconds: 2.34, bytes: 10 };
const serving: MemberState = { kind: 'serving', lag };
const breaker = (to: Extract<SingleEvent, { event: 'breaker' }>['to']): SingleEvent => ({
  event: 'breaker',
  member: 'blue',
  from: { kind: 'closed' },
  to,
});
const state = (to: MemberState, from: MemberState = { kind: 'joining' }): SingleEvent => ({
  event: 'state',
  member: 'blue',
  from,
  to,
});

test.each<[SingleEvent, string, string]>([
  [state(serving), 'good', 'blue serves'],
  [state(serving, { kind: 'ejected', reason: 'x' }), 'good', 'blue serves again'],
  [state({ kind: 'joining' }), 'neutral', 'blue joins'],
  [state({ kind: 'lagging', lag }), 'bad', 'blue lags 2.3 s behind'],
  [state({ kind: 'lagging', lag: undefined }), 'bad', 'blue lags behind'],
  [state({ kind: 'lagging', lag: { seconds: Number.POSITIVE_INFINITY, bytes: 1 } }), 'bad', 'blue lags behind'],
  [
    state({ kind: 'disconnected', lag, reason: 'no WAL receiver' }),
    'bad',
    'blue receives nothing from the primary: no WAL receiver',
  ],
  [state({ kind: 'ejected', reason: 'connect ECONNREFUSED' }), 'bad', 'blue is left out: connect ECONNREFUSED'],
  [state({ kind: 'draining' }), 'neutral', 'blue takes nothing new: it is drained'],
  [state({ kind: 'gone' }), 'neutral', 'blue left the fleet'],
  [state({ kind: 'promoted' }), 'bad', 'blue was promoted: what it holds is no longer the primary’s'],
  [state({ kind: 'writing' }), 'neutral', 'blue is the server behind the primary’s name now'],
  [state({ kind: 'demoted' }), 'bad', 'blue is in recovery: it takes no writes'],
  [state({ kind: 'fenced', reason: 'green took over' }), 'neutral', 'blue is fenced: green took over'],
  [breaker({ kind: 'open', forced: false, until: 1 }), 'bad', 'blue: its breaker opened'],
  [breaker({ kind: 'open', forced: true, until: 1 }), 'bad', 'blue: its breaker was opened by hand'],
  [breaker({ kind: 'half-open', successes: 0 }), 'neutral', 'blue: its breaker lets reads through on trial'],
  [breaker({ kind: 'closed' }), 'good', 'blue: its breaker is closed'],
  [
    { event: 'failover', from: 'primary', to: 'green', reason: 'it was promoted' },
    'bad',
    'green is the primary now, after primary: it was promoted',
  ],
  [{ event: 'leaderless', reason: 'nobody was promoted' }, 'bad', 'There is no primary: nobody was promoted'],
  [
    { event: 'flags', allOff: true, endpoints: [] },
    'neutral',
    'All endpoints are switched off: every read goes to the primary',
  ],
  [
    {
      event: 'flags',
      allOff: false,
      endpoints: [
        { endpoint: 'search', enabled: true, percent: 25 },
        { endpoint: 'feed', enabled: false, percent: 0 },
        { endpoint: 'user', enabled: true, percent: 100 },
      ],
    },
    'neutral',
    'Endpoints: search at 25 %, feed off',
  ],
  [{ event: 'flags', allOff: false, endpoints: [] }, 'neutral', 'Endpoints: all on'],
  [{ event: 'contract', added: ['red'], removed: [] }, 'neutral', 'Another contract was taken: red came'],
  [
    { event: 'contract', added: ['red'], removed: ['blue', 'green'] },
    'neutral',
    'Another contract was taken: red came; blue, green went',
  ],
  [{ event: 'contract', added: [], removed: [] }, 'neutral', 'Another contract was taken: the same members'],
  [
    { event: 'trouble', what: 'the fleet contract', error: new Error('ENOENT') },
    'bad',
    'Trouble with the fleet contract: ENOENT. It is tried again.',
  ],
  [
    { event: 'learned', text: "select bump('ann@example.com', 17)", reason: 'cannot execute UPDATE' },
    'neutral',
    'A standby refused a statement that was taken for a read; from now on it goes to the primary: select bump(…, …) (cannot execute UPDATE)',
  ],
  [{ event: 'closed' }, 'neutral', 'The fleet is closed'],
])('%j', (event, tone, text) => {
  expect(tellEvent(event)).toEqual({ tone, text });
});

test.each([
  ["select 'it''s' from t1 where id = 42", 'select … from t1 where id = …'],
  ["select e'a\\'b', $1", 'select e…, $1'],
  ['select $tag$ secret $tag$,  $$x$$', 'select …, …'],
  ["select 'cut off", 'select …'],
  ['select 1.5e3', 'select …e3'],
])('a statement is told without what it was given: %s', (statement, told) => {
  expect(withoutValues(statement)).toBe(told);
});

test('no literal gets through, and no statement is long', () => {
  const secret = fc.string({ minLength: 8, unit: fc.constantFrom('k', 'x', ' ', "'", '\\') });
  fc.assert(
    fc.property(secret, (text) => {
      const told = withoutValues(
        `select * from t where note = '${text.replaceAll('\\', '').replaceAll("'", "''")}' limit 5`,
      );
      expect(told).toBe('select * from t where note = … limit …');
      expect(withoutValues(text.repeat(100)).length).toBeLessThanOrEqual(200);
    }),
  );
});
