import { routing as group } from '../../../../cli/doctor/checks/routing';
import type { RoutingFacts } from '../../../../cli/doctor/facts';
import { found, healthy, hidden, routing, status, told, withContract } from '../facts';

const FAILED = { error: 'it is on fire', code: 'READFLEET_NO_MEMBER' };
const judge = (given: Partial<RoutingFacts>, id?: string) =>
  told(group, healthy({ routing: found(routing(given)) }), id);
const gone = (name: string) => status(name, { state: { kind: 'ejected', reason: 'gone' } });

test('all is well', () => {
  expect(judge({})).toEqual([
    'ok: spread over replicas: blue 4, green 4',
    'ok: what must run on the primary went to primary',
    'ok: with blue switched off, reads go to green',
    'ok: with every replica switched off, reads go to primary',
    'ok: with the primary switched off, reads go on (blue), and writes fail at once (READFLEET_BREAKER_OPEN)',
  ]);
});

describe('reads', () => {
  test('that fail', () => {
    expect(judge({ spread: { reads: 8, byMember: {}, failed: ['a', 'b'] } }, 'routing.reads')).toEqual([
      'not ok: 2 of 8 reads failed: a',
    ]);
  });

  test('that pass by a replica which is fit', () => {
    expect(judge({ spread: { reads: 8, byMember: { blue: 8 }, failed: [] } }, 'routing.reads')).toEqual([
      'warning: of 8 reads, green got none (blue 8)',
    ]);
  });

  test('that pass by a replica which is not fit are right', () => {
    const members = [status('primary'), status('blue'), gone('green')];

    expect(judge({ members, spread: { reads: 4, byMember: { blue: 4 }, failed: [] } }, 'routing.reads')).toEqual([
      'ok: spread over replicas: blue 4',
    ]);
  });

  test('that no replica is fit for', () => {
    const members = [status('primary'), gone('blue'), gone('green')];

    expect(judge({ members, spread: { reads: 4, byMember: { primary: 4 }, failed: [] } }, 'routing.reads')).toEqual([
      'not ok: no replica is fit: every read goes to the primary',
    ]);
  });
});

test.each<[Partial<RoutingFacts>, string, string]>([
  [{ write: FAILED }, 'routing.writes', 'not ok: a statement for the primary failed: it is on fire'],
  [{ write: { member: 'blue' } }, 'routing.writes', 'not ok: a statement for the primary was sent to blue'],
  [
    { without: { replica: 'blue', read: FAILED } },
    'routing.replica-lost',
    'not ok: with blue switched off, a read failed: it is on fire',
  ],
  [
    { without: { replica: 'blue', read: { member: 'blue' } } },
    'routing.replica-lost',
    'not ok: blue was read although it was switched off',
  ],
  [{ fallback: FAILED }, 'routing.fallback', 'not ok: with every replica switched off, a read failed: it is on fire'],
  [{ fallback: { member: 'green' } }, 'routing.fallback', 'not ok: with every replica switched off, green was read'],
  [
    { withoutPrimary: { read: FAILED, write: FAILED } },
    'routing.primary-lost',
    'not ok: with the primary switched off, a read failed: it is on fire',
  ],
  [
    { withoutPrimary: { read: { member: 'blue' }, write: { member: 'blue' } } },
    'routing.primary-lost',
    'not ok: with the primary switched off, a write was sent to blue',
  ],
])('%j', (given, id, text) => {
  expect(judge(given, id)).toEqual([text]);
});

test('without a primary there is nothing to fall back on', () => {
  const members = [gone('primary'), status('blue'), status('green')];

  expect(judge({ members, write: FAILED, fallback: FAILED })).toEqual(
    expect.arrayContaining([
      'unknown: there is no primary to write to',
      'unknown: there is no primary to fall back on',
    ]),
  );
});

test('without a replica that is fit, nobody stands in for the primary', () => {
  const members = [status('primary'), gone('blue'), gone('green')];

  expect(judge({ members }, 'routing.primary-lost')).toEqual(['unknown: no replica is fit to stand in for primary']);
});

test('of a fleet without replicas nothing is switched off', () => {
  const facts = healthy({
    contract: withContract({ readers: [] }),
    routing: found(routing({ members: [status('primary')], without: undefined })),
  });

  expect(told(group, facts)).toEqual([
    'ok: without replicas, reads go to the primary',
    'ok: what must run on the primary went to primary',
  ]);
});

test('a fleet that the library could not connect to', () => {
  expect(told(group, healthy({ routing: hidden('nobody answers') }))).toEqual(['unknown: nobody answers']);
});

describe('a connection that was cut', () => {
  const cut = (loss: Parameters<typeof healthy>[0]) => told(group, healthy(loss), 'routing.failover');

  test('is nothing where it was not allowed', () => expect(cut({})).toEqual([]));

  test('is ok when another member answered', () => {
    expect(cut({ loss: found({ cut: 'blue', answeredBy: 'green', ms: 1_203.7 }) })).toEqual([
      'ok: a read whose connection to blue was cut was answered by green, after 1204 ms in all',
    ]);
  });

  test('says nothing when the read was answered before', () => {
    expect(cut({ loss: found({ cut: 'blue', answeredBy: 'blue', ms: 1_000 }) })).toEqual([
      'unknown: blue answered a read before its connection was cut',
    ]);
  });

  test('is not ok when nobody did', () => {
    expect(cut({ loss: hidden('terminating connection') })).toEqual([
      'not ok: a read whose connection was cut was not answered: terminating connection',
    ]);
  });
});
