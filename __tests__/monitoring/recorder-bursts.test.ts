import fc from 'fast-check';
import { Bursts } from '../../monitoring/bursts';
import type { BurstEvent } from '../../monitoring/telling';
import { recording } from './recorder-support';

const fallback = (reason = 'its breaker was opened by hand'): BurstEvent => ({
  event: 'fallback',
  endpoint: undefined,
  passedOver: [{ member: 'blue', reason }],
});
const shed: BurstEvent = { event: 'shed', endpoint: undefined, priority: 'low', reason: 'the queue is full' };
const hedge: BurstEvent = { event: 'hedge', member: 'blue' };

function add(bursts: Bursts, event: BurstEvent, count: number): void {
  for (let turn = 0; turn < count; turn += 1) bursts.add(event);
}

const texts = (bursts: Bursts) => bursts.tick(1_000).map(({ words }) => `${words.tone}: ${words.text}`);

test('a second of fallbacks is one line, with why', () => {
  const bursts = new Bursts();
  add(bursts, fallback(), 412);
  expect(texts(bursts)).toEqual(['bad: 412 reads fell back to the primary: blue: its breaker was opened by hand']);
});

test('while it goes on for the same reason nothing is added, whatever the figures in the reason', () => {
  const bursts = new Bursts();
  add(bursts, fallback('not proved fresher than 1200 ms'), 2);
  expect(texts(bursts)).toHaveLength(1);
  add(bursts, fallback('not proved fresher than 2300 ms'), 2);
  expect(texts(bursts)).toEqual([]);
});

test('another reason is news', () => {
  const bursts = new Bursts();
  add(bursts, fallback('lag unknown'), 1);
  expect(texts(bursts)).toHaveLength(1);
  add(bursts, fallback('draining'), 3);
  expect(texts(bursts)).toEqual(['bad: 3 reads fell back to the primary: blue: draining']);
});

test('three quiet seconds end it, with how many there were and for how long', () => {
  const bursts = new Bursts();
  add(bursts, fallback(), 10);
  texts(bursts);
  add(bursts, fallback(), 5);
  texts(bursts);
  expect([texts(bursts), texts(bursts)]).toEqual([[], []]);
  expect(texts(bursts)).toEqual(['good: Reads no longer fall back to the primary (15 in 2 s)']);
  expect(texts(bursts)).toEqual([]);
});

test('a pause that is shorter ends nothing', () => {
  const bursts = new Bursts();
  add(bursts, fallback(), 1);
  texts(bursts);
  texts(bursts);
  texts(bursts);
  add(bursts, fallback(), 1);
  expect(texts(bursts)).toEqual([]);
});

test('reads that were shed, and hedged ones, are told in words of their own', () => {
  const bursts = new Bursts();
  add(bursts, shed, 1);
  add(bursts, hedge, 2);
  expect(texts(bursts)).toEqual(['bad: 1 read was shed: the queue is full', 'neutral: 2 reads asked a second member']);
  texts(bursts);
  texts(bursts);
  expect(texts(bursts)).toEqual([
    'good: Reads are no longer shed (1 in 1 s)',
    'neutral: Reads no longer ask a second member (2 in 1 s)',
  ]);
});

test('whatever happens, a kind of event adds at most one line a second, and few in one burst', () => {
  const second = fc.array(
    fc.constantFrom(fallback('a'), fallback('b'), fallback('c 1'), fallback('c 2'), shed, hedge),
    {
      maxLength: 30,
    },
  );
  fc.assert(
    fc.property(fc.array(second, { maxLength: 40 }), (seconds) => {
      const bursts = new Bursts();
      for (const events of seconds) {
        for (const event of events) bursts.add(event);
        const told = bursts.tick(1_000).map(({ event }) => event);
        expect(new Set(told).size).toBe(told.length);
      }
    }),
  );
  const bursts = new Bursts();
  let lines = 0;
  for (let turn = 0; turn < 500; turn += 1) {
    bursts.add(fallback('x'.repeat(turn)));
    lines += bursts.tick(1_000).length;
  }
  expect(lines).toBe(8);
});

test('the recorder tells of them at the end of the second, and counts what was shed', async () => {
  const { recorder, clock, happen } = recording();
  for (let turn = 0; turn < 50; turn += 1) {
    happen('fallback', { endpoint: 'search', passedOver: [{ member: 'blue', reason: 'lag unknown' }] });
  }
  happen('shed', { endpoint: 'search', priority: 'low', reason: 'the queue is full' });
  happen('hedge', { member: 'blue' });
  expect(recorder.told).toEqual([]);
  await clock.advance(1_000);
  recorder.stop();
  expect(recorder.told.map(({ event, text }) => [event, text])).toEqual([
    ['fallback', '50 reads fell back to the primary: blue: lag unknown'],
    ['shed', '1 read was shed: the queue is full'],
    ['hedge', '1 read asked a second member'],
  ]);
  expect(recorder.history[0]?.shed).toBe(1);
});
