import { isWell } from '../../../cli/status/wellness';
import type { StateKind } from '../../../monitoring/view';

const AUTOMATIC = { state: 'closed', forced: null } as const;

test.each<[StateKind, boolean]>([
  ['serving', true],
  ['writing', true],
  ['draining', true],
  ['joining', false],
  ['lagging', false],
  ['disconnected', false],
  ['ejected', false],
  ['gone', false],
  ['promoted', false],
  ['demoted', false],
  ['fenced', false],
])('%s: well is %s', (state, well) => {
  expect(isWell({ state, breaker: AUTOMATIC })).toBe(well);
});

test('a member that somebody switched off is as they want it', () => {
  expect(isWell({ state: 'ejected', breaker: { state: 'open', forced: 'open' } })).toBe(true);
  expect(isWell({ state: 'ejected', breaker: { state: 'open', forced: null } })).toBe(false);
});
