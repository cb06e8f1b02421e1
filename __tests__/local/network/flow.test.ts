import fc from 'fast-check';
import { CLEAR, type Conditions } from '../../../local/network/conditions';
import { Flow, type Parcel } from '../../../local/network/flow';
import { ManualClock } from '../../support/manual-clock';

/** A flow between two ends that write down what happens to them. */
class Line {
  readonly clock = new ManualClock();
  readonly delivered: string[] = [];
  conditions: Conditions = CLEAR;
  senderWaits = false;
  receiverFull = false;
  luck: () => number = () => 0;
  readonly flow = new Flow(
    { conditions: () => this.conditions, clock: this.clock, random: () => this.luck() },
    {
      deliver: (parcel) => {
        this.delivered.push(parcel.kind === 'bytes' ? Buffer.from(parcel.bytes).toString() : parcel.kind);
        return !this.receiverFull;
      },
      hold: (wait) => {
        this.senderWaits = wait;
      },
    },
  );

  change(conditions: Partial<Conditions>): void {
    this.conditions = { ...this.conditions, ...conditions };
    this.flow.changed();
  }

  get text(): string {
    return this.delivered.join('');
  }
}

function bytes(text: string): Parcel {
  return { kind: 'bytes', bytes: Buffer.from(text) };
}

test('without a fault everything is delivered at once, and no timer is set', () => {
  const line = new Line();

  line.flow.send({ kind: 'open' });
  line.flow.send(bytes('hello'));
  line.flow.send({ kind: 'end' });

  expect(line.delivered).toEqual(['open', 'hello', 'end']);
  expect(line.clock.timers).toBe(0);
});

test('a delay holds each piece for its time, the end of the connection too', async () => {
  const line = new Line();
  line.change({ delayMs: 100 });
  line.flow.send(bytes('a'));
  await line.clock.advance(60);
  line.flow.send({ kind: 'end' });

  await line.clock.advance(39);
  expect(line.delivered).toEqual([]);
  await line.clock.advance(1);
  expect(line.delivered).toEqual(['a']);
  await line.clock.advance(59);
  expect(line.delivered).toEqual(['a']);
  await line.clock.advance(1);
  expect(line.delivered).toEqual(['a', 'end']);
  expect(line.clock.timers).toBe(0);
});

test('jitter never changes the order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 30 }), async (lucks) => {
      const line = new Line();
      line.change({ delayMs: 5, jitterMs: 50 });
      for (const [index, luck] of lucks.entries()) {
        line.luck = () => luck;
        line.flow.send(bytes(`${index},`));
        await line.clock.advance(3);
      }
      await line.clock.advance(60);
      expect(line.text).toBe(lucks.map((_, index) => `${index},`).join(''));
    }),
    { numRuns: 30 },
  );
});

test('a throttled line passes slices, and all of it arrives', async () => {
  const line = new Line();
  line.change({ bytesPerSecond: 500 });
  const text = 'x'.repeat(1_000);
  line.flow.send(bytes(text));

  await line.clock.advance(1_000);
  expect(line.text.length).toBeGreaterThan(450);
  expect(line.text.length).toBeLessThan(550);
  await line.clock.advance(1_100);
  expect(line.text).toBe(text);
  expect(line.delivered.every((slice) => slice.length <= 10)).toBe(true);
});

test('a partition lets nothing through, sets no timer, and gives it all back in order', async () => {
  const line = new Line();
  line.change({ partitioned: true });
  line.flow.send(bytes('a'));
  line.flow.send(bytes('b'));
  line.flow.send({ kind: 'reset' });

  await line.clock.advance(1_000_000);
  expect(line.delivered).toEqual([]);
  expect(line.clock.timers).toBe(0);
  line.change(CLEAR);
  expect(line.delivered).toEqual(['a', 'b', 'reset']);
});

test('new conditions hold for what is on its way', async () => {
  const line = new Line();
  line.change({ delayMs: 1_000 });
  line.flow.send(bytes('a'));
  line.change({ delayMs: 10 });

  await line.clock.advance(10);
  expect(line.delivered).toEqual(['a']);

  line.change({ delayMs: 0, bytesPerSecond: 1 });
  line.flow.send(bytes('bc'));
  await line.clock.advance(0);
  line.change(CLEAR);
  expect(line.text).toBe('abc');
  expect(line.clock.timers).toBe(0);
});

test('a receiver that is full gets no more until it has drained', () => {
  const line = new Line();
  line.receiverFull = true;
  line.flow.send(bytes('a'));
  line.flow.send(bytes('b'));
  expect(line.delivered).toEqual(['a']);

  line.receiverFull = false;
  line.flow.drained();

  expect(line.delivered).toEqual(['a', 'b']);
});

test('the sender waits while too much is on its way, and goes on after that', () => {
  const line = new Line();
  line.change({ partitioned: true });
  const large = 'x'.repeat(1 << 20);
  for (let sent = 0; sent < 3; sent++) line.flow.send(bytes(large));
  expect(line.senderWaits).toBe(false);
  line.flow.send(bytes(large));
  expect(line.senderWaits).toBe(true);

  line.change(CLEAR);

  expect(line.senderWaits).toBe(false);
  expect(line.text).toHaveLength(4 << 20);
});

test('the sender of a throttled line waits no longer than too much is on its way', async () => {
  const line = new Line();
  line.change({ bytesPerSecond: 1 << 20 });
  line.flow.send(bytes('x'.repeat(6 << 20)));
  await line.clock.advance(1_000);
  expect(line.senderWaits).toBe(true);

  await line.clock.advance(1_500);

  expect(line.senderWaits).toBe(false);
  expect(line.text.length).toBeLessThan(3 << 20);
});

test('a closed flow forgets what was on its way, takes nothing more and leaves no timer', async () => {
  const line = new Line();
  line.change({ delayMs: 100 });
  line.flow.send(bytes('a'));

  line.flow.close();
  line.flow.send(bytes('b'));

  expect(line.clock.timers).toBe(0);
  await line.clock.advance(1_000);
  expect(line.delivered).toEqual([]);
});
