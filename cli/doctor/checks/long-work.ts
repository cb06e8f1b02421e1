import { countText, secondsText } from '../../units';
import type { Facts } from '../facts';
import { factOf, isFound } from '../found';
import { type Group, type Item, ok, unknown, unless, warning } from '../item';
import { askAsMonitor, primaryOf, type Reached, reached, seesOthers, standbysOf } from './fleet';

/** What runs for so long that vacuum or replay waits for it. */
export const longWork: Group = {
  title: 'Long work',
  judge: (facts) => {
    const there = reached(facts);
    return [...transactions(facts, there), ...vacuum(facts), ...conflicts(facts)];
  },
};

const LONG_SECONDS = 300;
/** Snapshots this old leave that many dead versions of rows behind. PostgreSQL itself warns at two thousand million. */
const OLD_XMIN = 10_000_000;

function transactions(facts: Facts, there: readonly Reached[]): Item[] {
  const id = 'long.transactions';
  const blind = there.filter((member) => !seesOthers(member));
  if (blind.length === there.length)
    return [unknown(id, `role "${facts.user}" does not see them`, askAsMonitor(facts))];
  const items = there.flatMap((member): Item[] => {
    const found = factOf(member.facts.transactions);
    if (!found) return [];
    if (found.idleSeconds > LONG_SECONDS) {
      return [
        warning(
          id,
          `a transaction has been open and idle for ${secondsText(found.idleSeconds)}`,
          `Somebody forgot to commit. Set idle_in_transaction_session_timeout; ${whatItHolds(member)}.`,
          member.name,
        ),
      ];
    }
    if (found.longestSeconds <= LONG_SECONDS) return [];
    return [
      warning(
        id,
        `a transaction has been open for ${secondsText(found.longestSeconds)}`,
        `${whatItHolds(member)}. Set a statement_timeout, or give long reads a replica of their own.`,
        member.name,
      ),
    ];
  });
  return unless(items, ok(id, `none is longer than ${secondsText(LONG_SECONDS)}`));
}

function whatItHolds({ role, facts }: Reached): string {
  if (role === 'primary') return 'It holds back vacuum everywhere';
  const feedback = factOf(facts.settings)?.hot_standby_feedback?.value === 'on';
  return feedback
    ? 'It holds back vacuum on the primary (hot_standby_feedback)'
    : 'It holds up replay, or will be cancelled';
}

/** What the primary must keep for others. */
function vacuum(facts: Facts): Item[] {
  const id = 'long.vacuum';
  const primary = primaryOf(facts);
  if (!primary) return [];
  const { transactions: own, senders, slots } = primary.facts;
  const holders = [
    { who: 'a session on the primary', age: factOf(own)?.xminAge },
    ...(factOf(senders) ?? []).map(({ application, xminAge }) => ({ who: `reads on ${application}`, age: xminAge })),
    ...(factOf(slots) ?? []).map(({ name, xminAge }) => ({ who: `slot ${name}`, age: xminAge })),
  ].filter((holder): holder is { who: string; age: number } => (holder.age ?? 0) > OLD_XMIN);
  return unless(
    holders.map(({ who, age }) =>
      warning(
        id,
        `vacuum waits for ${who}, ${age.toLocaleString('en-US')} transactions back: tables grow`,
        'End it, or drop the slot if its reader is gone.',
      ),
    ),
    ok(id, 'nothing holds back vacuum by much'),
  );
}

function conflicts(facts: Facts): Item[] {
  const id = 'long.conflicts';
  const standbys = standbysOf(facts);
  if (standbys.length === 0) return [];
  const items = standbys.flatMap(({ name, facts: { conflicts: found, settings } }): Item[] => {
    if (!isFound(found)) return [unknown(id, found.missing, undefined, name)];
    const { cancelled, since } = found.value;
    if (cancelled === 0) return [];
    const feedback = factOf(settings)?.hot_standby_feedback?.value === 'on';
    return [
      warning(
        id,
        `replay cancelled ${countText(cancelled, 'read')}${since ? ` since ${since}` : ''}`,
        feedback
          ? 'The library reads again elsewhere. Locks of DDL and of vacuum do this also with hot_standby_feedback.'
          : 'The library reads again elsewhere. hot_standby_feedback would spare most of them, at the cost of bloat on the primary.',
        name,
      ),
    ];
  });
  return unless(items, ok(id, 'replay has cancelled no read'));
}
