import fc from 'fast-check';
import { type Decision, type Outcome, ReadfleetError, type StatementEnd } from '../../../lib';
import type { FleetEvent, Hears } from '../../../monitoring/listen';
import { observations } from '../../../monitoring/metrics/observations';
import { BASE, Recorded } from './support';

let sink: Recorded;
let hears: Required<Hears>;

beforeEach(() => {
  sink = new Recorded();
  hears = observations(sink, BASE, 3).hears as Required<Hears>;
});

function decision(changes: Partial<Decision> = {}): Decision {
  return {
    ...{ ...BASE, endpoint: undefined, kind: 'read', member: 'blue', target: 'replica', reason: 'replica' },
    ...{ passedOver: [], ms: undefined },
    ...changes,
  } as Decision;
}

function outcome(changes: Partial<Outcome> = {}): Outcome {
  return { ...BASE, endpoint: undefined, kind: 'read', member: 'blue', error: undefined, ms: undefined, ...changes };
}

function ended(changes: Partial<StatementEnd> = {}): StatementEnd {
  return { ...BASE, member: 'blue', role: 'replica', ms: 1, failed: false, ...changes };
}

describe('counters that begin at 0, so that their first count is an increase', () => {
  test('before anything was told: what has no label of the app', () => {
    expect([...sink.counts.keys()].sort()).toEqual([
      'failovers{}',
      'failures{kind="read"}',
      'failures{kind="transaction"}',
      'failures{kind="write"}',
      'hedged{}',
      'reads{endpoint="",reason="fallback",target="fallback"}',
      'shed{endpoint="",priority="high"}',
      'shed{endpoint="",priority="low"}',
      'shed{endpoint="",priority="normal"}',
    ]);
    expect([...sink.counts.values()].every((count) => count === 0)).toBe(true);
  });

  test('an endpoint that is read: its fallbacks and what is shed of it', () => {
    hears.decision(decision({ endpoint: 'shop' }));
    expect(sink.counts.get('reads{endpoint="shop",reason="fallback",target="fallback"}')).toBe(0);
    expect(sink.counts.get('shed{endpoint="shop",priority="normal"}')).toBe(0);
  });

  test('a member that answers: its failures', () => {
    hears.statement(ended());
    expect(sink.counts.get('statementFailures{member="blue",role="replica"}')).toBe(0);
  });
});

describe('reads', () => {
  test.each([
    ['replica', 'replica', 'replica'],
    ['replica', 'last resort', 'replica'],
    ['primary', 'fallback', 'fallback'],
    ['primary', 'strong', 'primary'],
    ['primary', 'switched off', 'primary'],
    ['primary', 'endpoint disabled', 'primary'],
    ['primary', 'not in the rollout', 'primary'],
    ['primary', 'no replicas', 'primary'],
  ] as const)('sent to the %s for %s: the target is %s', (target, reason, label) => {
    hears.decision(decision({ target, reason }));
    expect(sink.of('reads')).toEqual({ [`reads{endpoint="",reason="${reason}",target="${label}"}`]: 1 });
  });

  test.each(['a reason of a later version', '__proto__', 'constructor'])('for %s: the reason is other', (reason) => {
    hears.decision(decision({ reason, target: 'primary' }));
    expect(sink.of('reads')).toEqual({ 'reads{endpoint="",reason="other",target="primary"}': 1 });
  });

  test('writes are none', () => {
    hears.decision(decision({ kind: 'write', target: 'primary', reason: 'writes' }));
    expect(sink.of('reads')).toEqual({});
  });

  test('of more endpoints than the bound the later ones are other', () => {
    for (const endpoint of ['a', 'b', 'c', 'd', 'e']) hears.decision(decision({ endpoint }));
    expect(Object.entries(sink.of('reads')).map(([key, count]) => [/endpoint="(\w*)"/.exec(key)?.[1], count])).toEqual(
      [
        ['other', 2],
        ['a', 1],
        ['b', 1],
        ['c', 1],
      ].sort(),
    );
  });

  const someReason = fc.oneof(
    fc.constantFrom('replica', 'last resort', 'fallback', 'strong', 'switched off', 'no replicas'),
    fc.string(),
  );
  const someDecision = fc.record({
    kind: fc.constantFrom('read', 'write'),
    endpoint: fc.oneof(fc.constantFrom(undefined, 'a', 'b', 'other'), fc.string({ maxLength: 70 })),
    target: fc.constantFrom('primary', 'replica'),
    reason: someReason,
  });

  test('whatever is decided: targets sum up to the reads, and labels keep within their bounds', () => {
    fc.assert(
      fc.property(fc.array(someDecision, { maxLength: 60 }), (decisions) => {
        const recorded = new Recorded();
        const told = observations(recorded, BASE, 3).hears as Required<Hears>;
        for (const changes of decisions) told.decision(decision(changes as Partial<Decision>));
        const counts = recorded.of('reads');
        const reads = decisions.filter(({ kind }) => kind === 'read').length;
        expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(reads);
        const values = (label: string) =>
          new Set(Object.keys(counts).map((key) => new RegExp(`${label}=("(?:[^"\\\\]|\\\\.)*")`).exec(key)?.[1]));
        expect(values('endpoint').size).toBeLessThanOrEqual(3 + 2);
        expect(values('reason').size).toBeLessThanOrEqual(9);
        expect(values('target').size).toBeLessThanOrEqual(3);
      }),
    );
  });
});

describe('times, in seconds', () => {
  test('of a decision, where it is known, also of a write', () => {
    hears.decision(decision({ ms: 0.25 }));
    hears.decision(decision({ ms: undefined }));
    hears.decision(decision({ kind: 'write', ms: 0.5 }));
    expect(sink.times.get('decisions{}')).toEqual([0.00025, 0.0005]);
  });

  test('of a call by its kind, where it is known, also of one that failed', () => {
    hears.outcome(outcome({ ms: 4 }));
    hears.outcome(outcome({ kind: 'write', ms: 5, error: new Error('no') }));
    hears.outcome(outcome({ ms: undefined }));
    expect([...sink.times]).toEqual([
      ['calls{kind="read"}', [0.004]],
      ['calls{kind="write"}', [0.005]],
    ]);
  });

  test('of each statement by its member, also of one that failed', () => {
    hears.statement(ended({ ms: 2 }));
    hears.statement(ended({ ms: 3, failed: true }));
    hears.statement(ended({ member: 'primary', role: 'primary', ms: 4 }));
    expect([...sink.times]).toEqual([
      ['statements{member="blue",role="replica"}', [0.002, 0.003]],
      ['statements{member="primary",role="primary"}', [0.004]],
    ]);
    expect(sink.of('statementFailures')).toEqual({ 'statementFailures{member="blue",role="replica"}': 1 });
  });
});

test('a member that was promoted is told under both roles', () => {
  hears.statement(ended({ failed: true }));
  hears.statement(ended({ failed: true, role: 'primary' }));
  expect(Object.keys(sink.of('statementFailures'))).toEqual([
    'statementFailures{member="blue",role="replica"}',
    'statementFailures{member="blue",role="primary"}',
  ]);
});

test('of hundreds of members that come and go the later ones are other', () => {
  for (let n = 0; n < 300; n += 1) hears.statement(ended({ member: `reader-${n}` }));
  expect(sink.times.size).toBe(101);
  expect(sink.times.get('statements{member="other",role="replica"}')).toHaveLength(200);
  // Nor is anything kept of them.
  expect(Object.keys(Object.fromEntries(sink.counts)).filter((key) => key.includes('member="other"'))).toEqual([]);
});

test('calls that failed, by their kind: errors of a statement’s own are none', () => {
  hears.outcome(outcome({ error: new ReadfleetError('READFLEET_NO_MEMBER', 'no') }));
  hears.outcome(outcome({ kind: 'transaction', error: new ReadfleetError('READFLEET_TIMEOUT', 'no') }));
  hears.outcome(outcome({ error: Object.assign(new Error('division by zero'), { code: '22012' }) }));
  hears.outcome(outcome());
  expect(sink.of('failures')).toEqual({ 'failures{kind="read"}': 1, 'failures{kind="transaction"}': 1 });
});

test('events: what was shed, hedged and failed over; the others are not counted', () => {
  const before = sink.counts.size;
  for (const event of [
    { event: 'shed', endpoint: 'shop', priority: 'low', reason: 'queue full' },
    { event: 'shed', endpoint: undefined, priority: 'normal', reason: 'queue full' },
    { event: 'hedge', member: 'blue' },
    { event: 'failover', from: 'primary', to: 'blue', reason: 'it was promoted' },
    { event: 'leaderless', reason: 'nobody' },
    { event: 'closed' },
  ] as FleetEvent[]) {
    hears.event(event);
  }
  expect(sink.of('shed')).toEqual({
    'shed{endpoint="",priority="normal"}': 1,
    'shed{endpoint="shop",priority="low"}': 1,
  });
  expect([sink.of('hedged'), sink.of('failovers')]).toEqual([{ 'hedged{}': 1 }, { 'failovers{}': 1 }]);
  // Those of the new endpoint: fallbacks and three priorities.
  expect(sink.counts.size).toBe(before + 4);
});
