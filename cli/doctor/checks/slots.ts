import { bytesText } from '../../../monitoring/bytes-text';
import { countText } from '../../units';
import type { Slot } from '../facts';
import { factOf, isFound } from '../found';
import { type Group, type Item, notOk, ok, unknown, unless, warning } from '../item';
import { NO_PRIMARY, primaryOf, type Reached, streams } from './fleet';

/** What keeps log on the primary, until its disk is full. */
export const slots: Group = {
  title: 'Log kept on the primary',
  judge: (facts) => {
    if (!streams(facts.contract)) return [];
    const primary = primaryOf(facts);
    if (!primary) return [unknown('slots.state', NO_PRIMARY)];
    return [...state(primary), ...limit(primary), ...archive(primary)];
  },
};

function state(primary: Reached): Item[] {
  const id = 'slots.state';
  const { slots: found } = primary.facts;
  if (!isFound(found)) return [unknown(id, found.missing)];
  const all = found.value;
  const walSize = megabytes(primary, 'max_wal_size');
  const kept = Math.max(0, ...all.map(({ retainedBytes }) => retainedBytes ?? 0));
  return unless(
    all.flatMap((slot) => judgeSlot(slot, walSize)),
    ok(
      id,
      all.length === 0 ? 'no slots' : `${countText(all.length, 'slot')}, all in use; up to ${bytesText(kept)} kept`,
    ),
  );
}

function judgeSlot(slot: Slot, walSizeBytes: number | undefined): Item[] {
  const id = 'slots.state';
  const { name, active, walStatus, retainedBytes } = slot;
  const kept = retainedBytes === null ? '' : `; it keeps ${bytesText(retainedBytes)} of log`;
  const drop = `select pg_drop_replication_slot('${name.replaceAll("'", "''")}');`;
  if (walStatus === 'lost') {
    return [
      notOk(
        id,
        `slot ${name} has lost log that its standby needs`,
        `Make that standby anew, and drop the slot: ${drop}`,
      ),
    ];
  }
  if (walStatus === 'unreserved') {
    return [
      notOk(
        id,
        `slot ${name} is about to lose log that its standby needs${kept}`,
        'Bring its standby back at once, or raise max_slot_wal_keep_size.',
      ),
    ];
  }
  if (!active) {
    return [
      notOk(
        id,
        `nobody uses slot ${name}${kept || ', and it keeps none so far'}`,
        `It keeps log until the disk is full. Bring its standby back, or, if that is gone for good: ${drop}`,
      ),
    ];
  }
  // Some more than a checkpoint leaves behind by itself.
  if (walSizeBytes !== undefined && retainedBytes !== null && retainedBytes > 4 * walSizeBytes) {
    return [
      warning(
        id,
        `slot ${name} is in use, and far behind${kept}`,
        'Its standby does not keep up: see replication.lag, and the free disk of the primary.',
      ),
    ];
  }
  return [];
}

function limit(primary: Reached): Item[] {
  const id = 'slots.limit';
  const all = factOf(primary.facts.slots) ?? [];
  const setting = factOf(primary.facts.settings)?.max_slot_wal_keep_size?.value;
  if (all.length === 0 || setting == null) return [];
  if (setting !== '-1') return [ok(id, `a slot may keep up to ${bytesText(Number(setting) * 1024 ** 2)}`)];
  return [
    warning(
      id,
      'max_slot_wal_keep_size is -1: a slot whose standby is gone keeps log until the disk is full',
      'Set it to what the disk can spare, e.g. 10 GB: then such a standby has to be made anew, and the primary lives.',
    ),
  ];
}

function archive(primary: Reached): Item[] {
  const id = 'slots.archive';
  const settings = factOf(primary.facts.settings);
  const { archiver } = primary.facts;
  if (!settings || !isFound(archiver))
    return [unknown(id, isFound(archiver) ? 'settings are hidden' : archiver.missing)];
  if (settings.archive_mode?.value === 'off') return [ok(id, 'no log is archived from here')];
  const { failing, failed, lastFailed } = archiver.value;
  if (failing) {
    return [
      notOk(
        id,
        `archiving fails (${failed} times, last ${lastFailed}): log is kept until it does not`,
        'Its log says why archive_command fails.',
      ),
    ];
  }
  return [ok(id, 'archiving works')];
}

function megabytes({ facts }: Reached, name: string): number | undefined {
  const value = factOf(facts.settings)?.[name]?.value;
  return value == null ? undefined : Number(value) * 1024 ** 2;
}
