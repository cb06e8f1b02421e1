import { replicasOf, stateWord, toneOf, whyOf, writerOf } from '../../../monitoring/page/client/states';
import type { StateKind } from '../../../monitoring/view';
import { member } from './scenes';

const PRIMARY = member('primary', { role: 'primary' });

test.each<[StateKind, string, string, string]>([
  ['joining', 'info', 'Joining', 'has not answered yet'],
  ['serving', 'good', 'Serving', ''],
  ['lagging', 'warn', 'Lagging', '12 ms behind'],
  ['disconnected', 'warn', 'Disconnected', ''],
  ['ejected', 'bad', 'Ejected', ''],
  ['draining', 'info', 'Draining', 'takes nothing new'],
  ['gone', 'info', 'Gone', 'was removed from the fleet'],
  ['promoted', 'bad', 'Promoted', 'left recovery; no longer the data of the primary'],
  ['writing', 'info', 'Writing', 'is the primary at present'],
  ['demoted', 'bad', 'Demoted', 'is in recovery: takes no writes'],
  ['fenced', 'info', 'Fenced', ''],
])('a replica that is %s: %s, %s, %s', (state, tone, word, why) => {
  const one = member('blue', { state });

  expect([toneOf(one), stateWord(one), whyOf(one)]).toEqual([tone, word, why]);
});

test('a reason that is given goes before what could be said of the state', () => {
  expect(whyOf(member('blue', { state: 'ejected', reason: 'connect ECONNREFUSED' }))).toBe('connect ECONNREFUSED');
});

test('a lag that is not known is not told as a number', () => {
  expect(whyOf(member('blue', { state: 'lagging', lag: { seconds: null, bytes: 3 } }))).toBe('how far is not known');
  expect(whyOf(member('blue', { state: 'lagging', lag: null }))).toBe('how far is not known');
});

test('a primary that serves takes writes', () => {
  expect(whyOf(PRIMARY)).toBe('takes writes');
});

test('the writer is the primary that is not fenced, wherever it stands', () => {
  expect(writerOf([member('old', { role: 'primary', state: 'fenced' }), PRIMARY])).toBe(PRIMARY);
  expect(writerOf([member('blue')])).toBeUndefined();
});

test('replicas are those that could serve: neither the removed, nor one that is the primary under another name', () => {
  const blue = member('blue', { state: 'ejected' });

  expect(replicasOf([PRIMARY, blue, member('a', { state: 'gone' }), member('b', { state: 'writing' })])).toEqual([
    blue,
  ]);
});
