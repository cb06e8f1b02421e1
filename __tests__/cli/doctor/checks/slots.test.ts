import { slots } from '../../../../cli/doctor/checks/slots';
import type { Slot } from '../../../../cli/doctor/facts';
import { but, found, healthy, hidden, items, settings, silent, told, withContract } from '../facts';

const slot = (given: Partial<Slot> = {}): Slot => ({
  name: 'blue',
  kind: 'physical',
  active: true,
  activePid: 11,
  walStatus: 'reserved',
  retainedBytes: 512,
  xminAge: null,
  ...given,
});
const withSlots = (...all: Slot[]) => but(healthy(), { primary: { slots: found(all) } });

test('slots in use are told with what they keep', () => {
  expect(told(slots, healthy(), 'slots.state')).toEqual(['ok: 2 slots, all in use; up to 512 B kept']);
  expect(told(slots, withSlots(), 'slots.state')).toEqual(['ok: no slots']);
});

test('a slot that nobody uses', () => {
  const [item] = items(
    slots,
    withSlots(slot({ name: "o'ld", active: false, retainedBytes: 3_000_000 }), slot()),
    'slots.state',
  );

  expect(item).toMatchObject({ verdict: 'not ok', found: "nobody uses slot o'ld; it keeps 3.0 MB of log" });
  expect(item?.fix).toContain("select pg_drop_replication_slot('o''ld');");
});

test('a slot that nobody ever used keeps none so far', () => {
  expect(told(slots, withSlots(slot({ active: false, retainedBytes: null, walStatus: null })), 'slots.state')).toEqual([
    'not ok: nobody uses slot blue, and it keeps none so far',
  ]);
});

test.each([
  ['lost', 'not ok: slot blue has lost log that its standby needs'],
  ['unreserved', 'not ok: slot blue is about to lose log that its standby needs; it keeps 512 B of log'],
])('a slot whose log is %s', (walStatus, text) => {
  expect(told(slots, withSlots(slot({ walStatus, active: false })), 'slots.state')).toEqual([text]);
});

test('a slot in use that keeps more than four times what a checkpoint may leave', () => {
  const judge = (retainedBytes: number) => told(slots, withSlots(slot({ retainedBytes })), 'slots.state');

  expect(judge(4 * 1_024 ** 3)).toEqual(['ok: 1 slot, all in use; up to 4.3 GB kept']);
  expect(judge(4 * 1_024 ** 3 + 1)).toEqual(['warning: slot blue is in use, and far behind; it keeps 4.3 GB of log']);
});

test('slots that may keep anything', () => {
  const unbound = but(healthy(), { primary: { settings: settings({ max_slot_wal_keep_size: -1 }) } });

  expect(told(slots, unbound, 'slots.limit')).toEqual([
    'warning: max_slot_wal_keep_size is -1: a slot whose standby is gone keeps log until the disk is full',
  ]);
  expect(told(slots, healthy(), 'slots.limit')).toEqual(['ok: a slot may keep up to 10.7 GB']);
  expect(told(slots, but(unbound, { primary: { slots: found([]) } }), 'slots.limit')).toEqual([]);
});

test('archiving', () => {
  const judge = (mode: string, failing: boolean) =>
    told(
      slots,
      but(healthy(), {
        primary: {
          settings: settings({ archive_mode: mode }),
          archiver: found({ failed: 7, failing, lastFailed: '0001' }),
        },
      }),
      'slots.archive',
    );

  expect(judge('off', true)).toEqual(['ok: no log is archived from here']);
  expect(judge('on', true)).toEqual(['not ok: archiving fails (7 times, last 0001): log is kept until it does not']);
  expect(judge('on', false)).toEqual(['ok: archiving works']);
});

test('what cannot be seen is not taken for well', () => {
  const facts = but(healthy(), { primary: { slots: hidden('denied'), archiver: hidden('denied') } });

  expect(told(slots, facts)).toEqual(['unknown: denied', 'unknown: denied']);
  expect(told(slots, silent(healthy(), ['primary']))).toEqual(['unknown: the primary does not answer, or is none']);
});

test('Aurora has none', () => {
  expect(told(slots, healthy({ contract: withContract({ topology: 'aurora' }) }))).toEqual([]);
});
