import fc from 'fast-check';
import { ReadfleetError } from '../../../lib/errors';
import type { Priority } from '../../../lib/policy/policy';
import { BULKHEAD_DEFAULTS, Bulkhead, type BulkheadOptions, type Entry } from '../../../lib/protection/bulkhead';
import { ShedError } from '../../../lib/protection/shed-error';
import { ManualClock } from '../../support/manual-clock';

const PRIORITIES: readonly Priority[] = ['low', 'normal', 'high'];

/** A bulkhead whose visitors write down what they are told. */
class Scene {
  readonly clock = new ManualClock();
  readonly bulkhead: Bulkhead;
  /** Names of those let in, in order. */
  readonly admitted: string[] = [];
  readonly refused = new Map<string, ReadfleetError>();
  private readonly entries = new Map<string, Entry>();

  constructor(options: Partial<BulkheadOptions> = {}) {
    this.bulkhead = new Bulkhead({ max: 1, queue: 3, waitMs: 1_000, ...options }, this.clock);
  }

  enter(name: string, priority: Priority = 'normal', deadline?: number): void {
    const entry = this.bulkhead.enter(priority, deadline, (refusal) => {
      if (refusal) this.refused.set(name, refusal);
      else this.admitted.push(name);
    });
    this.entries.set(name, entry);
  }

  leave(name: string): void {
    this.entries.get(name)?.leave();
  }

  /** Why it was shed, if it was. */
  shed(name: string): string | undefined {
    const refusal = this.refused.get(name);
    return refusal instanceof ShedError ? refusal.reason : undefined;
  }
}

test('the defaults are those of the documentation', () => {
  expect(BULKHEAD_DEFAULTS).toEqual({ max: 25, queue: 1_000, waitMs: 1_000 });
});

describe('with room', () => {
  test('a read is let in before enter() returns', () => {
    const scene = new Scene();
    scene.enter('a');
    expect(scene.admitted).toEqual(['a']);
    expect(scene.bulkhead.active).toBe(1);
  });

  test('it is told its entry, which enter() has not returned yet', () => {
    const { bulkhead } = new Scene();
    const told: Entry[] = [];
    const entry = bulkhead.enter('normal', undefined, (_, itself) => told.push(itself));
    expect(told).toEqual([entry]);
  });

  test('leaving makes room, once', () => {
    const scene = new Scene({ max: 2 });
    scene.enter('a');
    scene.enter('b');
    scene.leave('a');
    scene.leave('a');
    expect(scene.bulkhead.active).toBe(1);
  });

  test('a deadline that has passed is the caller’s to see', () => {
    const scene = new Scene();
    scene.enter('a', 'normal', -1);
    expect(scene.admitted).toEqual(['a']);
  });
});

describe('full', () => {
  test('a read waits, and is let in when one leaves', () => {
    const scene = new Scene();
    scene.enter('a');
    scene.enter('b');
    expect(scene.admitted).toEqual(['a']);
    expect(scene.bulkhead.queued).toBe(1);

    scene.leave('a');
    expect(scene.admitted).toEqual(['a', 'b']);
    expect(scene.bulkhead).toMatchObject({ active: 1, queued: 0, shed: 0 });
  });

  test('the highest priority goes first, within one whoever came first', () => {
    const scene = new Scene({ queue: 9 });
    scene.enter('inside');
    scene.enter('low 1', 'low');
    scene.enter('normal 1', 'normal');
    scene.enter('high 1', 'high');
    scene.enter('normal 2', 'normal');
    scene.enter('high 2', 'high');
    scene.enter('low 2', 'low');
    for (let turn = 0; turn < 6; turn += 1) scene.leave(scene.admitted.at(-1) as string);
    expect(scene.admitted).toEqual(['inside', 'high 1', 'high 2', 'normal 1', 'normal 2', 'low 1', 'low 2']);
  });

  test.each(['a', 'b', 'c'])('%s of three that wait may give up, and the others keep their order', (gone) => {
    const scene = new Scene();
    scene.enter('inside');
    for (const name of ['a', 'b', 'c']) scene.enter(name);
    scene.leave(gone);
    scene.leave(gone);
    expect(scene.bulkhead.queued).toBe(2);
    for (let turn = 0; turn < 3; turn += 1) scene.leave(scene.admitted.at(-1) as string);
    expect(scene.admitted).toEqual(['inside', ...['a', 'b', 'c'].filter((name) => name !== gone)]);
    expect(scene.refused.size).toBe(0);
  });

  test('one that leaves while it is told that it may come in makes room for the next', () => {
    const scene = new Scene();
    scene.enter('inside');
    scene.bulkhead.enter('normal', undefined, (_, entry) => entry.leave());
    scene.enter('b');
    scene.leave('inside');
    expect(scene.admitted).toEqual(['inside', 'b']);
    expect(scene.bulkhead.active).toBe(1);
  });
});

describe('what is done while being told', () => {
  test('leaving and entering again does not overtake who waits', () => {
    const scene = new Scene();
    scene.enter('inside');
    scene.bulkhead.enter('normal', undefined, (_, entry) => {
      entry.leave();
      scene.enter('again');
    });
    scene.enter('b');
    scene.leave('inside');
    expect(scene.admitted).toEqual(['inside', 'b']);
    expect(scene.bulkhead).toMatchObject({ active: 1, queued: 1 });
  });

  test('a whole queue that leaves at once takes no more stack than one', () => {
    const scene = new Scene({ queue: 50_000 });
    scene.enter('inside');
    let told = 0;
    for (let visitor = 0; visitor < 50_000; visitor += 1) {
      scene.bulkhead.enter('normal', undefined, (_, entry) => {
        told += 1;
        entry.leave();
      });
    }
    scene.leave('inside');
    expect(told).toBe(50_000);
  });

  test('closing while one is shed tells the others of the close, and of nothing else', async () => {
    const { bulkhead, clock } = new Scene();
    bulkhead.enter('normal', undefined, () => undefined);
    const told: (string | undefined)[] = [];
    for (let visitor = 0; visitor < 2; visitor += 1) {
      bulkhead.enter('normal', undefined, (refusal) => {
        told.push(refusal?.code);
        bulkhead.close();
      });
    }
    await clock.advance(1_000);
    expect(told).toEqual(['READFLEET_SHED', 'READFLEET_CLOSED']);
    expect(bulkhead).toMatchObject({ queued: 0, shed: 1 });
  });
});

describe('with a full queue', () => {
  function full(...waiting: Priority[]): Scene {
    const scene = new Scene({ queue: waiting.length });
    scene.enter('inside');
    for (const [index, priority] of waiting.entries()) scene.enter(`${priority} ${index}`, priority);
    return scene;
  }

  test('a newcomer is shed when none of lower priority waits', () => {
    const scene = full('normal', 'high');
    scene.enter('late', 'normal');
    expect(scene.shed('late')).toBe('queue full');
    expect(scene.bulkhead).toMatchObject({ queued: 2, shed: 1 });
  });

  test('the newest of the lowest priority gives way to a higher one', () => {
    const scene = full('low', 'low', 'normal');
    scene.enter('late', 'high');
    expect(scene.shed('low 1')).toBe('queue full');
    expect([...scene.refused.keys()]).toEqual(['low 1']);
    expect(scene.bulkhead).toMatchObject({ queued: 3, shed: 1 });
    scene.leave('inside');
    expect(scene.admitted).toEqual(['inside', 'late']);
  });

  test('one that was shed and leaves takes no place with it', () => {
    const scene = full('low');
    scene.enter('late', 'high');
    scene.leave('low 0');
    expect(scene.bulkhead).toMatchObject({ active: 1, queued: 1 });
  });

  test('without a queue nobody waits', () => {
    const scene = new Scene({ queue: 0 });
    scene.enter('inside');
    scene.enter('high', 'high');
    expect(scene.shed('high')).toBe('queue full');
    expect(scene.clock.timers).toBe(0);
  });
});

describe('time', () => {
  test('who waits too long is shed', async () => {
    const scene = new Scene();
    scene.enter('inside');
    scene.enter('a');
    await scene.clock.advance(999);
    expect(scene.refused.size).toBe(0);
    await scene.clock.advance(1);
    expect(scene.shed('a')).toBe('waited too long');
    expect(scene.bulkhead).toMatchObject({ active: 1, queued: 0, shed: 1 });
  });

  test('who came later does not make it longer for who came first', async () => {
    const scene = new Scene();
    scene.enter('inside');
    scene.enter('a');
    await scene.clock.advance(500);
    scene.enter('b');
    await scene.clock.advance(500);
    expect([...scene.refused.keys()]).toEqual(['a']);
    await scene.clock.advance(500);
    expect([...scene.refused.keys()]).toEqual(['a', 'b']);
  });

  test('a deadline before that ends the wait', async () => {
    const scene = new Scene();
    scene.enter('inside');
    scene.enter('first');
    scene.enter('hurried', 'high', 100);
    await scene.clock.advance(100);
    expect(scene.shed('hurried')).toBe('deadline passed');
    expect(scene.bulkhead.queued).toBe(1);
    await scene.clock.advance(900);
    expect(scene.shed('first')).toBe('waited too long');
  });

  test('a later deadline does not lengthen it', async () => {
    const scene = new Scene();
    scene.enter('inside');
    scene.enter('a', 'normal', 5_000);
    await scene.clock.advance(1_000);
    expect(scene.shed('a')).toBe('waited too long');
  });

  test('who has no time to wait is shed at once', () => {
    const scene = new Scene();
    scene.enter('inside');
    scene.enter('a', 'high', 0);
    expect(scene.shed('a')).toBe('deadline passed');
  });

  test('when the timer comes late, who is due is shed and the next is let in', () => {
    let now = 0;
    const bulkhead = new Bulkhead(
      { max: 1, queue: 9, waitMs: 100 },
      { now: () => now, after: () => ({ cancel: () => undefined }) },
    );
    const told: string[] = [];
    const enter = (name: string) =>
      bulkhead.enter('normal', undefined, (refusal) => told.push(`${name}: ${refusal ? 'shed' : 'in'}`));
    const inside = enter('inside');
    enter('a');
    now = 50;
    enter('b');
    now = 100;
    inside.leave();
    expect(told).toEqual(['inside: in', 'a: shed', 'b: in']);
  });

  test('one timer serves all, and none is set while nobody waits', async () => {
    const scene = new Scene({ queue: 9 });
    scene.enter('inside');
    expect(scene.clock.timers).toBe(0);
    scene.enter('a');
    await scene.clock.advance(10);
    scene.enter('b');
    scene.enter('c', 'normal', 20);
    expect(scene.clock.timers).toBe(1);
    scene.leave('c');
    scene.leave('a');
    expect(scene.clock.timers).toBe(1);
    scene.leave('b');
    expect(scene.clock.timers).toBe(0);
  });

  test('no timer is left when the last has waited too long, or was let in', async () => {
    const scene = new Scene();
    scene.enter('inside');
    scene.enter('a');
    await scene.clock.advance(1_000);
    expect(scene.clock.timers).toBe(0);
    scene.enter('b');
    scene.leave('inside');
    expect(scene.clock.timers).toBe(0);
  });

  test('who may wait for ever needs no timer', () => {
    const scene = new Scene({ waitMs: Number.POSITIVE_INFINITY });
    scene.enter('inside');
    scene.enter('a');
    expect(scene.clock.timers).toBe(0);
  });
});

describe('close', () => {
  test('refuses all that wait, and all that come', () => {
    const scene = new Scene();
    scene.enter('inside');
    scene.enter('a');
    scene.enter('b', 'low');
    scene.bulkhead.close();
    scene.enter('c');
    expect([...scene.refused.keys()]).toEqual(['a', 'b', 'c']);
    for (const refusal of scene.refused.values()) expect(refusal.code).toBe('READFLEET_CLOSED');
    expect(scene.clock.timers).toBe(0);
  });

  test('those inside may end', () => {
    const scene = new Scene();
    scene.enter('inside');
    scene.bulkhead.close();
    expect(scene.bulkhead.active).toBe(1);
    scene.leave('inside');
    expect(scene.bulkhead).toMatchObject({ active: 0, queued: 0, shed: 0 });
  });
});

describe('the error', () => {
  test('has a code, the priority and the reason', () => {
    const error = new ShedError('low', 'queue full', BULKHEAD_DEFAULTS);
    expect(ReadfleetError.is(error)).toBe(true);
    expect(error).toMatchObject({ name: 'ShedError', code: 'READFLEET_SHED', priority: 'low', reason: 'queue full' });
  });

  test.each([
    ['queue full', /"low".* 25 such reads .*as many wait as may \(1000\).*maxStalenessMs/],
    ['waited too long', /waited 1000 ms/],
    ['deadline passed', /own time ended/],
  ] as const)('says of "%s" which limit it was and what to do', (reason, message) => {
    expect(new ShedError('low', reason, BULKHEAD_DEFAULTS).message).toMatch(message);
  });
});

test('law: never too many inside, nobody is forgotten, and the order is kept', async () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        act: fc.constant('enter' as const),
        priority: fc.nat({ max: 2 }),
        within: fc.option(fc.nat({ max: 300 })),
      }),
    },
    { weight: 3, arbitrary: fc.record({ act: fc.constant('leave' as const), who: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('pass' as const), ms: fc.nat({ max: 150 }) }) },
  );
  const sizes = fc.record({ max: fc.integer({ min: 1, max: 4 }), queue: fc.nat({ max: 6 }) });
  await fc.assert(
    fc.asyncProperty(sizes, fc.array(step, { maxLength: 60 }), async (size, steps) => {
      const clock = new ManualClock();
      const bulkhead = new Bulkhead({ ...size, waitMs: 200 }, clock);
      interface Visitor {
        readonly number: number;
        readonly rank: number;
        readonly until: number;
        entry: Entry | undefined;
        told: ('in' | 'shed')[];
        left: boolean;
      }
      const visitors: Visitor[] = [];
      const waits = () => visitors.filter(({ told, left }) => told.length === 0 && !left);
      const inside = () => visitors.filter(({ told, left }) => told[0] === 'in' && !left);
      const check = () => {
        expect(bulkhead.active).toBe(inside().length);
        expect(bulkhead.active).toBeLessThanOrEqual(size.max);
        expect(bulkhead.queued).toBe(waits().length);
        expect(bulkhead.queued).toBeLessThanOrEqual(size.queue);
        if (waits().length > 0) expect(bulkhead.active).toBe(size.max);
        for (const { until } of waits()) expect(until).toBeGreaterThan(clock.now());
        for (const { told } of visitors) expect(told.length).toBeLessThanOrEqual(1);
        expect(bulkhead.shed).toBe(visitors.filter(({ told }) => told[0] === 'shed').length);
        expect(clock.timers).toBe(waits().length > 0 ? 1 : 0);
      };
      for (const one of steps) {
        if (one.act === 'enter') {
          const now = clock.now();
          const deadline = one.within === null ? undefined : now + one.within;
          const visitor: Visitor = {
            number: visitors.length,
            rank: one.priority,
            until: Math.min(now + 200, deadline ?? Number.POSITIVE_INFINITY),
            entry: undefined,
            told: [],
            left: false,
          };
          visitors.push(visitor);
          visitor.entry = bulkhead.enter(PRIORITIES[one.priority] as Priority, deadline, (refusal) => {
            visitor.told.push(refusal ? 'shed' : 'in');
            // Nobody overtakes who waits with the same or a higher priority.
            const overtaken = (other: Visitor) =>
              other.rank > visitor.rank || (other.rank === visitor.rank && other.number < visitor.number);
            if (!refusal) expect(waits().filter(overtaken)).toEqual([]);
          });
        }
        if (one.act === 'leave') {
          const here = visitors.filter(({ told, left }) => told[0] !== 'shed' && !left);
          const visitor = here[one.who % Math.max(1, here.length)];
          if (visitor) {
            visitor.left = true;
            visitor.entry?.leave();
          }
        }
        if (one.act === 'pass') await clock.advance(one.ms);
        check();
      }
      await clock.advance(200);
      expect(waits()).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
