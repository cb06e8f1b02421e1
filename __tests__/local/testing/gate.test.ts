import fc from 'fast-check';
import { Gate, type Hold } from '../../../local/testing/servers/gate';
import { settle } from '../../support/manual-clock';

/** Asks for a turn, and says whether it has come. */
function asks(gate: Gate, hold: Hold, signal?: AbortSignal) {
  const asked: { leave?: () => void } = {};
  void gate.enter(hold, signal).then((leave) => {
    asked.leave = leave;
  });
  return asked;
}

test('many may be undisturbed at once', async () => {
  const gate = new Gate();
  const [one, two] = [asks(gate, 'undisturbed'), asks(gate, 'undisturbed')];
  await settle();
  expect([one.leave, two.leave]).toEqual([expect.any(Function), expect.any(Function)]);
});

test('who is alone waits for those who are undisturbed, and they for him', async () => {
  const gate = new Gate();
  const first = asks(gate, 'undisturbed');
  const alone = asks(gate, 'alone');
  await settle();
  expect(alone.leave).toBeUndefined();

  first.leave?.();
  await settle();
  const late = asks(gate, 'undisturbed');
  await settle();
  expect([typeof alone.leave, late.leave]).toEqual(['function', undefined]);

  alone.leave?.();
  await settle();
  expect(late.leave).toBeDefined();
});

test('nobody overtakes who waits to be alone', async () => {
  const gate = new Gate();
  asks(gate, 'undisturbed');
  asks(gate, 'alone');
  const late = asks(gate, 'undisturbed');
  await settle();
  expect(late.leave).toBeUndefined();
});

test('who gives up waiting holds nobody back', async () => {
  const gate = new Gate();
  asks(gate, 'undisturbed');
  const giveUp = new AbortController();
  const alone = asks(gate, 'alone', giveUp.signal);
  const late = asks(gate, 'undisturbed');
  await settle();

  giveUp.abort();
  await settle();

  expect([alone.leave, typeof late.leave]).toEqual([undefined, 'function']);
});

test('who leaves twice has left once', async () => {
  const gate = new Gate();
  const [one] = [asks(gate, 'undisturbed'), asks(gate, 'undisturbed')];
  const alone = asks(gate, 'alone');
  await settle();

  one.leave?.();
  one.leave?.();
  await settle();

  expect(alone.leave).toBeUndefined();
});

test('whatever comes and goes, nobody is disturbed by one who is alone, and all have their turn', async () => {
  const steps = fc.array(fc.oneof(fc.constantFrom<Hold>('undisturbed', 'alone'), fc.nat(20)), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const gate = new Gate();
      const inside = new Map<() => void, Hold>();
      let waiting = 0;
      const leaveOne = async (index: number) => {
        const [leave] = [...inside.keys()].slice(index % Math.max(1, inside.size));
        if (!leave) return;
        inside.delete(leave);
        leave();
        await settle();
      };
      const check = () => {
        const holds = [...inside.values()];
        if (holds.includes('alone')) expect(holds).toEqual(['alone']);
      };
      for (const step of all) {
        if (typeof step === 'number') await leaveOne(step);
        else {
          waiting += 1;
          void gate.enter(step).then((leave) => {
            waiting -= 1;
            inside.set(leave, step);
          });
          await settle();
        }
        check();
      }
      while (inside.size > 0) {
        await leaveOne(0);
        check();
      }
      expect(waiting).toBe(0);
    }),
  );
});
