import type { LagThresholds } from '../../../lib/contract';
import type { MemberStatus } from '../../../lib/status';
import { bytesText } from '../../../monitoring/bytes-text';
import { secondsText } from '../../units';
import type { Facts, Sender } from '../facts';
import { factOf, isFound } from '../found';
import { type Group, type Item, notOk, ok, unknown, unless, warning } from '../item';
import { askAsMonitor, primaryOf, type Reached, seesOthers, standbysOf, streams } from './fleet';

/** Does every replica follow the primary, and how closely. */
export const replication: Group = {
  title: 'Replication',
  judge: (facts) => {
    const standbys = standbysOf(facts);
    if (standbys.length === 0) {
      return facts.contract.readers.length === 0 ? [] : [unknown('replication.streams', 'no standby answers')];
    }
    return [...(streams(facts.contract) ? stream(facts, standbys) : []), ...lag(facts, standbys)];
  },
};

function stream(facts: Facts, standbys: readonly Reached[]): Item[] {
  return [
    ...unless(
      standbys.flatMap((standby) => receiving(facts, standby)),
      ok('replication.streams', `${standbys.map((standby) => streamText(facts, standby)).join(', ')}`),
    ),
    ...timelines(facts, standbys),
    ...unless(standbys.flatMap(paused), ok('replication.replay', 'no replay is paused')),
  ];
}

function receiving(facts: Facts, standby: Reached): Item[] {
  const id = 'replication.streams';
  const { name, facts: said } = standby;
  if (!isFound(said.replay)) return [unknown(id, said.replay.missing, undefined, name)];
  const { hasReceiver, receiver } = said.replay.value;
  if (!hasReceiver) {
    return [
      notOk(
        id,
        'receives no log: there is no WAL receiver, so what it shows grows old',
        'Its log says why: the primary out of reach, a wrong primary_conninfo, or log that the primary no longer has; then make it anew.',
        name,
      ),
    ];
  }
  const sender = senderOf(facts, standby);
  if (receiver !== null && receiver !== 'streaming') {
    return [
      warning(
        id,
        `its WAL receiver is "${receiver}"`,
        'It is only just connecting, or cannot: ask again, then look at its log.',
        name,
      ),
    ];
  }
  if (sender?.state && sender.state !== 'streaming') {
    return [
      warning(
        id,
        `the primary is in state "${sender.state}" with it`,
        'It fetches what it missed: ask again when its lag is 0.',
        name,
      ),
    ];
  }
  return [];
}

/** `blue streams (async)`. */
function streamText(facts: Facts, standby: Reached): string {
  const sync = senderOf(facts, standby)?.sync;
  return `${standby.name} streams${sync ? ` (${sync})` : ''}`;
}

/** What the primary has for a standby: by the slot that both name, or by the name that it gives itself. */
function senderOf(facts: Facts, { name, facts: said }: Reached): Sender | undefined {
  const primary = primaryOf(facts);
  const senders = (primary && factOf(primary.facts.senders)) ?? [];
  const slot = factOf(said.replay)?.slot;
  const slots = (primary && factOf(primary.facts.slots)) ?? [];
  const pid = slot ? slots.find((other) => other.name === slot)?.activePid : undefined;
  return senders.find((sender) => sender.pid === pid) ?? senders.find(({ application }) => application === name);
}

function timelines(facts: Facts, standbys: readonly Reached[]): Item[] {
  const id = 'replication.timeline';
  const primary = primaryOf(facts);
  const expected = primary && factOf(primary.facts.timeline);
  if (expected == null) return [unknown(id, 'the timeline of the primary is not known')];
  const items = standbys.flatMap((standby): Item[] => {
    const timeline = factOf(standby.facts.timeline);
    if (timeline != null && timeline !== expected) {
      return [
        notOk(
          id,
          `follows timeline ${timeline}, the primary is on ${expected}: it follows another primary, or one of before a failover`,
          'Have it follow the primary; where it has replayed what the primary never had, make it anew.',
          standby.name,
        ),
      ];
    }
    // Without a receiver there is none to tell of, and that is told already.
    if (timeline == null && factOf(standby.facts.replay)?.hasReceiver && !seesOthers(standby)) {
      return [unknown(id, `role "${facts.user}" may not see it`, askAsMonitor(facts), standby.name)];
    }
    return [];
  });
  return unless(items, ok(id, `timeline ${expected} everywhere`));
}

function paused({ name, facts }: Reached): Item[] {
  if (!factOf(facts.replay)?.paused) return [];
  return [
    notOk(
      'replication.replay',
      'its replay is paused: log arrives, and nobody sees it',
      'On it: select pg_wal_replay_resume();',
      name,
    ),
  ];
}

/** By the library's own measure, after a moment of watching. */
function lag({ contract, routing }: Facts, standbys: readonly Reached[]): Item[] {
  const id = 'replication.lag';
  if (!isFound(routing)) return [unknown(id, routing.missing)];
  const items: Item[] = [];
  const well: string[] = [];
  for (const { name } of standbys) {
    const status = routing.value.members.find((member) => member.name === name);
    const item = status
      ? judgeLag(status, contract.lag, routing.value.watchedSeconds)
      : unknown(id, 'the library does not know it', undefined, name);
    if (item) items.push(item);
    else well.push(`${name} ${lagText(status)}`);
  }
  return unless(items, ok(id, well.join(', ')));
}

function judgeLag(
  { name, lag, state }: MemberStatus,
  { warningSeconds, criticalSeconds }: LagThresholds,
  watchedSeconds: number,
): Item | undefined {
  const id = 'replication.lag';
  if (state.kind === 'ejected') return unknown(id, `the library got no answer: ${state.reason}`, undefined, name);
  if (!lag) {
    return notOk(
      id,
      'not known, so no read with a bound is sent there',
      'Does the primary answer? Lag is measured from it.',
      name,
    );
  }
  const isInSight = Number.isFinite(lag.seconds);
  const least = isInSight ? lag.seconds : watchedSeconds;
  const bytes = lag.bytes === undefined ? '' : `, ${bytesText(lag.bytes)} of log`;
  const text = `${isInSight ? '' : 'more than '}${secondsText(least)} behind${bytes}`;
  const fix =
    'Is it starved (CPU, disk), does a long read hold up replay, or does the primary write more than it can replay?';
  if (least > criticalSeconds) return notOk(id, `${text}; critical is ${criticalSeconds} s`, fix, name);
  if (least > warningSeconds || !isInSight)
    return warning(id, `${text}; the warning is at ${warningSeconds} s`, fix, name);
  return undefined;
}

function lagText(status: MemberStatus | undefined): string {
  const { seconds = 0, bytes } = status?.lag ?? {};
  return `${secondsText(seconds)}${bytes === undefined ? '' : ` (${bytesText(bytes)})`}`;
}
