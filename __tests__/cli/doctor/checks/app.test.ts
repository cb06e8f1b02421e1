import { app } from '../../../../cli/doctor/checks/app';
import type { AppFacts } from '../../../../cli/doctor/facts';
import { found, healthy, hidden, told } from '../facts';

const member = (name: string, given: Partial<AppFacts['members'][number]> = {}): AppFacts['members'][number] => ({
  name,
  role: name === 'primary' ? 'primary' : 'replica',
  state: 'serving',
  reason: null,
  reads: 10,
  connections: 2,
  ...given,
});
const judge = (given: Partial<AppFacts>) =>
  told(
    app,
    healthy({
      app: found({
        url: 'http://app',
        members: [member('primary', { reads: 5 }), member('blue'), member('green')],
        allOff: false,
        endpointsOff: [],
        ...given,
      }),
    }),
  );

test('no app was named', () => expect(told(app, healthy())).toEqual([]));

test('all is well', () => {
  expect(judge({})).toEqual([
    'ok: every member is well to the app',
    'ok: connections: primary 2, blue 2, green 2',
    'ok: 80 % of 25 reads were served by replicas',
    'ok: nothing is switched off',
  ]);
});

test('a member that is not well to the app has no pool to complain of', () => {
  const members = [member('primary'), member('blue', { state: 'ejected', reason: 'gone', connections: 0 })];

  expect(judge({ members })).toContain('not ok blue: to the app it is ejected: gone');
  expect(judge({ members })).toContain('ok: connections: primary 2, blue 0');
});

test('a replica without connections', () => {
  expect(judge({ members: [member('primary'), member('blue', { connections: 0, reads: 0 })] })).toContain(
    'warning blue: the app has never read from it, and has no connection to it',
  );
});

test('a pool that rests after its reads is no matter', () => {
  expect(judge({ members: [member('primary'), member('blue', { connections: 0 })] })).toContain(
    'ok: connections: primary 2, blue 0',
  );
});

test('reads that stay on the primary, and none at all', () => {
  expect(judge({ members: [member('primary', { reads: 9 }), member('blue', { reads: 1 })] })).toContain(
    'warning: 10 % of 10 reads were served by replicas',
  );
  expect(judge({ members: [member('primary', { reads: 0 }), member('blue', { reads: 0 })] })).toContain(
    'unknown: the app has read nothing yet',
  );
});

test('switches that people set', () => {
  expect(judge({ allOff: true })).toContain('warning: all replicas are switched off by hand');
  expect(judge({ endpointsOff: ['feed', 'search'] })).toContain('warning: switched off by hand: feed, search');
});

test('an app that does not answer', () => {
  expect(told(app, healthy({ app: hidden('401') }))).toEqual(['unknown: 401']);
});
