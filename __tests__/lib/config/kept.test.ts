import { Kept } from '../../../lib/config/kept';
import { ManualClock, settle } from '../../support/manual-clock';

let clock: ManualClock;
let asked: number;
/** What the next asking brings: a text, or an error. */
let next: string | Error;

beforeEach(() => {
  clock = new ManualClock();
  asked = 0;
  next = 'one';
});

function kept(random = () => 0, freshMs = 10_000, usableMs = 14_000): Kept {
  const make = async () => {
    asked += 1;
    if (next instanceof Error) throw next;
    return next;
  };
  return new Kept(make, { freshMs, usableMs, clock, random });
}

test('is made once for all who ask, also at the same time', async () => {
  const value = kept();
  expect(await Promise.all([value.get(), value.get()])).toEqual(['one', 'one']);
  expect(await value.get()).toBe('one');
  expect(asked).toBe(1);
});

test('is made anew before it is too old, and nobody waits for that', async () => {
  const value = kept();
  await value.get();
  next = 'two';
  await clock.advance(9_999);
  expect(await value.get()).toBe('one');
  expect(asked).toBe(1);
  await clock.advance(1);
  expect(await value.get()).toBe('one');
  await settle();
  expect(await value.get()).toBe('two');
  expect(asked).toBe(2);
});

test('grows old sooner by chance, by up to a fifth', async () => {
  const value = kept(() => 0.999);
  await value.get();
  await clock.advance(8_010);
  await value.get();
  await settle();
  expect(asked).toBe(2);
});

test('that is too old to be of use is waited for', async () => {
  const value = kept();
  await value.get();
  next = 'two';
  await clock.advance(14_000);
  expect(await value.get()).toBe('two');
});

test('that cannot be made is not there, and is asked for again by the next', async () => {
  const value = kept();
  next = new Error('away');
  await expect(value.get()).rejects.toThrow('away');
  next = 'one';
  expect(await value.get()).toBe('one');
});

test('does while no other can be made, until it is too old; who cannot make one is not asked all the time', async () => {
  const value = kept();
  await value.get();
  next = new Error('away');
  await clock.advance(10_000);
  for (let turn = 0; turn < 5; turn += 1) {
    expect(await value.get()).toBe('one');
    await settle();
  }
  expect(asked).toBe(2);
  await clock.advance(1_000);
  expect(await value.get()).toBe('one');
  await settle();
  expect(asked).toBe(3);
  await clock.advance(3_000);
  await expect(value.get()).rejects.toThrow('away');
});

describe('that was refused', () => {
  test('is made anew at once, for all who wait', async () => {
    const value = kept();
    await value.get();
    next = 'two';
    value.refused('one');
    expect(await Promise.all([value.get(), value.get()])).toEqual(['two', 'two']);
    expect(asked).toBe(2);
  });

  test('and replaced since is of no concern', async () => {
    const value = kept();
    await value.get();
    value.refused('none of ours');
    expect(await value.get()).toBe('one');
    expect(asked).toBe(1);
  });

  test('and is the same still, is asked for after pauses that grow', async () => {
    const value = kept(undefined, 1_000_000, 1_000_000);
    const pauses: number[] = [];
    await value.get();
    for (let turn = 0; turn < 10; turn += 1) {
      const since = clock.now();
      value.refused('one');
      await value.get();
      for (const before = asked; asked === before && turn > 0; await value.get()) await clock.advance(500);
      pauses.push(clock.now() - since);
    }
    expect(pauses).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  test('does while no other can be made: another member may know it still', async () => {
    const value = kept();
    await value.get();
    value.refused('one');
    next = new Error('away');
    expect(await value.get()).toBe('one');
    next = 'two';
    expect(await value.get()).toBe('one');
    await clock.advance(1_000);
    expect(await value.get()).toBe('two');
  });

  test('and has become another, is asked for at once when that is refused too', async () => {
    const value = kept();
    await value.get();
    value.refused('one');
    await value.get();
    value.refused('one');
    await clock.advance(1_000);
    next = 'two';
    expect(await value.get()).toBe('two');
    next = 'three';
    value.refused('two');
    expect(await value.get()).toBe('three');
  });
});
