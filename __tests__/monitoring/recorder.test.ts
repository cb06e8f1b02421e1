import fc from 'fast-check';
import { ReadfleetError } from '../../lib';
import { channels } from '../../lib/telemetry/channels';
import { MOST_MOMENTS, MOST_TOLD, type Recorder } from '../../monitoring/recorder';
import type { Moment } from '../../monitoring/view';
import { member, recording } from './recorder-support';

const recorders: Recorder[] = [];

function record(...args: Parameters<typeof recording>) {
  const recorded = recording(...args);
  recorders.push(recorded.recorder);
  return recorded;
}

afterEach(() => {
  for (const recorder of recorders.splice(0)) recorder.stop();
});

const SECOND = 1_000;

test('a moment tells where reads were sent, and how many writes there were', async () => {
  const { recorder, clock, decide } = record([member('primary', { role: 'primary', lag: undefined }), member('blue')]);
  decide();
  decide();
  decide({ reason: 'last resort' });
  decide({ member: 'primary', target: 'primary', reason: 'strong' });
  decide({ member: 'primary', target: 'primary', reason: 'fallback' });
  decide({ member: 'primary', target: 'primary', kind: 'write', reason: 'writes' });
  await clock.advance(SECOND);
  expect(recorder.history).toEqual<Moment[]>([
    {
      at: SECOND,
      replica: 3,
      primary: 1,
      fallback: 1,
      writes: 1,
      failed: 0,
      shed: 0,
      longestReadMs: 0,
      members: {
        primary: { state: 'serving', lagSeconds: null, reads: 2 },
        blue: { state: 'serving', lagSeconds: 0.25, reads: 3 },
      },
    },
  ]);
});

test('each moment begins at nothing', async () => {
  const { recorder, clock, decide, end } = record();
  decide();
  end({ ms: 5 });
  await clock.advance(2 * SECOND);
  expect(recorder.history.map(({ replica, longestReadMs }) => [replica, longestReadMs])).toEqual([
    [1, 5],
    [0, 0],
  ]);
});

test('the longest read is the longest of reads alone', async () => {
  const { recorder, clock, end } = record();
  end({ ms: 3 });
  end({ ms: 7 });
  end({ ms: undefined });
  end({ kind: 'write', ms: 20 });
  await clock.advance(SECOND);
  expect(recorder.history[0]?.longestReadMs).toBe(7);
});

test.each([
  ['routing found nobody', new ReadfleetError('READFLEET_NO_MEMBER', 'nobody'), 1],
  ['its time was over', new ReadfleetError('READFLEET_TIMEOUT', 'late'), 1],
  ['the connection broke', Object.assign(new Error('reset'), { code: 'ECONNRESET' }), 1],
  ['no connection was free', new Error('timeout exceeded when trying to connect'), 1],
  ['the statement was wrong', Object.assign(new Error('division by zero'), { code: '22012' }), 0],
  ['its caller gave it up', new DOMException('This operation was aborted', 'AbortError'), 0],
  ['nothing', undefined, 0],
])('a call fails when %s: %#', async (_, error, failed) => {
  const { recorder, clock, end } = record();
  end({ error });
  await clock.advance(SECOND);
  expect(recorder.history[0]?.failed).toBe(failed);
});

test('lag that is not known, or longer than what is remembered, is null', async () => {
  const { recorder, clock } = record([
    member('blue', { lag: { seconds: Number.POSITIVE_INFINITY, bytes: 5 } }),
    member('green', { lag: undefined }),
  ]);
  await clock.advance(SECOND);
  const lags = Object.values(recorder.history[0]?.members ?? {}).map(({ lagSeconds }) => lagSeconds);
  expect(lags).toEqual([null, null]);
  expect(recorder.status().members.map(({ lag }) => lag)).toEqual([{ seconds: null, bytes: 5 }, null]);
});

test('what another fleet does is not counted', async () => {
  const one = record();
  const other = record();
  other.decide();
  other.happen('leaderless', { reason: 'gone' });
  await one.clock.advance(SECOND);
  expect(one.recorder.history[0]?.replica).toBe(0);
  expect(one.recorder.told).toEqual([]);
});

test('the sum of all moments is the number of decisions, whatever the times between them', async () => {
  const decisions = fc.record({
    pauseMs: fc.integer({ min: 0, max: 2_500 }),
    kind: fc.constantFrom('read' as const, 'write' as const),
    target: fc.constantFrom('primary' as const, 'replica' as const),
    reason: fc.constantFrom('replica', 'fallback', 'strong', 'last resort'),
    member: fc.constantFrom('blue', 'green'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(decisions, { maxLength: 60 }), async (all) => {
      const { recorder, clock, decide } = recording([member('blue'), member('green')]);
      try {
        for (const { pauseMs, ...decision } of all) {
          await clock.advance(pauseMs);
          decide(decision);
        }
        await clock.advance(SECOND);
        const sum = (of: (moment: Moment) => number) =>
          recorder.history.reduce((total, moment) => total + of(moment), 0);
        const reads = all.filter(({ kind }) => kind === 'read');
        expect(sum(({ replica, primary, fallback }) => replica + primary + fallback)).toBe(reads.length);
        expect(sum(({ writes }) => writes)).toBe(all.length - reads.length);
        for (const name of ['blue', 'green']) {
          expect(sum(({ members }) => members[name]?.reads ?? 0)).toBe(
            reads.filter((read) => read.member === name).length,
          );
        }
      } finally {
        recorder.stop();
      }
    }),
    { numRuns: 40 },
  );
});

test('ten minutes are kept, the newest', async () => {
  const { recorder, clock } = record();
  await clock.advance((MOST_MOMENTS + 5) * SECOND);
  expect(recorder.history).toHaveLength(600);
  expect(recorder.history[0]?.at).toBe(6 * SECOND);
  expect(recorder.history.at(-1)?.at).toBe(605 * SECOND);
});

test('two hundred events are kept, the newest, under numbers that grow by one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 450 }), async (count) => {
      const { recorder, happen } = recording();
      for (let turn = 1; turn <= count; turn += 1) happen('leaderless', { reason: `reason ${turn}` });
      recorder.stop();
      const kept = Math.min(count, MOST_TOLD);
      expect(recorder.told.map(({ id }) => id)).toEqual(
        Array.from({ length: kept }, (_, index) => count - kept + index + 1),
      );
    }),
    { numRuns: 30 },
  );
});

test('after a pause of the machine what was missed is not made up for', async () => {
  const { recorder, clock } = record();
  const late = clock.now() + 10_500;
  const now = jest.spyOn(clock, 'now').mockReturnValue(late);
  await clock.advance(SECOND);
  now.mockRestore();
  expect(recorder.history).toHaveLength(1);
  expect(clock.timers).toBe(1);
});

test('followers are told of each second and each event, until they leave', async () => {
  const { recorder, clock, happen, decide } = record();
  const heard: unknown[] = [];
  const leave = recorder.follow({
    tick: ({ moment, status }) => heard.push([status.fleet === recorder.status().fleet, moment.replica]),
    told: ({ text }) => heard.push(text),
  });
  decide();
  happen('leaderless', { reason: 'gone' });
  await clock.advance(SECOND);
  leave();
  expect(recorder.following).toBe(0);
  await clock.advance(SECOND);
  expect(heard).toEqual(['There is no primary: gone', [true, 1]]);
});

test('it knows which endpoints reads have named, as many as a program has names for', () => {
  const { recorder, decide } = record();
  decide({ endpoint: 'search' });
  expect(recorder.hasSeen('search')).toBe(true);
  expect(recorder.hasSeen('feed')).toBe(false);
  for (let turn = 0; turn < 2_000; turn += 1) decide({ endpoint: `made up ${turn}` });
  expect(recorder.hasSeen('made up 998')).toBe(true);
  expect(recorder.hasSeen('made up 999')).toBe(false);
});

test('stopped, it hears nothing more, sets no timer and keeps what it has', async () => {
  const { recorder, clock, decide } = record();
  await clock.advance(SECOND);
  recorder.stop();
  recorder.stop();
  decide();
  await clock.advance(5 * SECOND);
  expect(recorder.history).toHaveLength(1);
  expect(clock.timers).toBe(0);
  expect([channels.decision, channels.outcome, channels.event].map(({ hasSubscribers }) => hasSubscribers)).toEqual([
    false,
    false,
    false,
  ]);
});

test('the switches’ own words are told instead of the fleet’s, those of others as they are', () => {
  const { recorder, happen } = record();
  const flags = { allOff: true, endpoints: [] };
  recorder.byHand('Switched off, by 10.0.0.7', () => happen('flags', flags));
  happen('flags', flags);
  expect(recorder.told.map(({ event, text }) => [event, text])).toEqual([
    ['switch', 'Switched off, by 10.0.0.7'],
    ['flags', 'All endpoints are switched off: every read goes to the primary'],
  ]);
});

test('an order that is refused is not told, and the fleet’s words are heard again', () => {
  const { recorder, happen } = record();
  const refused = () => {
    throw new Error('no such member');
  };
  expect(() => recorder.byHand('Never', refused)).toThrow('no such member');
  happen('flags', { allOff: false, endpoints: [] });
  expect(recorder.told.map(({ event }) => event)).toEqual(['flags']);
});
