import type { Core } from '../../../lib/core';
import type { Executor } from '../../../lib/execution/executor';
import { leaseReader } from '../../../lib/execution/lease-reader';
import type { ReadContext } from '../../../lib/execution/read-context';
import { ReadRun } from '../../../lib/execution/read-run';
import { textOf } from '../../../lib/execution/statement-text';
import { textOf as textIn } from '../../../lib/facade/statement';
import type { Lease, Member } from '../../../lib/members/member';
import { type Ask, askAloud } from './on-client';
import { Entry, tellPassedOver } from './statement';

/** Told of each statement, in the asynchronous context of who asked for it, before it is sent. */
export type Listener = (entry: Entry) => void;

const taps = new WeakMap<Core, Set<Listener>>();

/**
 * Tells `listener` of every statement of one fleet, from whichever of its faces it comes. The first listener changes the fleet's own methods, and
 * they stay so: to a statement nothing else happens, and a fleet of a test is short-lived.
 *
 * The channels of `lib/telemetry` would not do: they tell neither texts nor which of two fleets of one name it was, nor which decision an answer
 * belongs to.
 *
 * @returns ends it
 */
export function listenTo(core: Core, listener: Listener): () => void {
  const listeners = taps.get(core) ?? tap(core);
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tap(core: Core): Set<Listener> {
  const listeners = new Set<Listener>();
  taps.set(core, listeners);
  const { executor } = core;
  const { query, write, leaseWriter } = core;
  const begin = (text: string, kind: 'read' | 'write') => {
    const entry = new Entry(text, kind);
    for (const listener of listeners) listener(entry);
    return entry;
  };
  /** Of what goes to the primary without a look at replicas. */
  const onPrimary = <Answer>(text: string, reason: string | undefined, run: () => Promise<Answer>) => {
    const intent = core.classifier.classify(text);
    const entry = begin(text, intent.target === 'replica' ? 'read' : 'write');
    entry.sent(core.members.writer.name, reason ?? intent.reason);
    const answer = run();
    answer.then(
      () => entry.answered(core.members.writer.name, 'primary'),
      (error) => entry.failed(error),
    );
    return answer;
  };

  core.query = (statement, values, read) => {
    const run = () => query.call(core, statement, values, read);
    const text = textIn(statement);
    if (text === undefined) return run();
    if (core.flags.allOff) return onPrimary(text, 'switched off', run);
    // What reads comes by executor.read().
    return core.classifier.classify(text).target === 'replica' ? run() : onPrimary(text, undefined, run);
  };
  core.write = (statement, values) => {
    const run = () => write.call(core, statement, values);
    const text = textIn(statement);
    return text === undefined ? run() : onPrimary(text, 'sent as a write', run);
  };
  executor.read = (statement, policy, proven, calledAt) => {
    const entry = begin(textOf(statement.text), 'read');
    return new Promise((resolve, reject) => {
      new ReadRun(telling(executor, entry), statement, policy, proven, calledAt, resolve, reject).start();
    });
  };
  executor.leaseReader = async (policy, opening) => {
    const why = new Entry('', 'read');
    const leased = await leaseReader(telling(executor, why), policy, opening);
    listenOn(leased.lease, leased.member, why.reason);
    return leased;
  };
  core.leaseWriter = async (opening) => {
    const leased = await leaseWriter.call(core, opening);
    listenOn(
      leased.lease,
      leased.member,
      opening === undefined ? 'on a connection of the primary' : 'in a transaction',
    );
    return leased;
  };

  /** A connection that the app keeps: what runs on it was decided when it was taken. */
  function listenOn(lease: Lease, member: Member, reason: string): void {
    const { client } = lease;
    const { query: plain } = client;
    const ask = plain.bind(client) as Ask;
    client.query = ((...given: unknown[]) => {
      const text = textIn(given[0]);
      const intent = text === undefined ? undefined : core.classifier.classify(text);
      // Where a transaction begins and ends is neither.
      if (text === undefined || intent?.session !== undefined) return ask(...given);
      const entry = begin(text, intent?.target === 'replica' || member.role === 'replica' ? 'read' : 'write');
      entry.sent(member.name, reason);
      return askAloud(ask, given, {
        answered: () => entry.answered(member.name, member.role),
        failed: (error) => entry.failed(error),
      });
    }) as typeof client.query;
    const before = lease.onRelease;
    lease.onRelease = {
      leave() {
        client.query = plain;
        before?.leave();
      },
    };
  }
  return listeners;
}

/** What a read needs of its fleet, with an ear on it. */
function telling(executor: Executor, entry: Entry): ReadContext {
  const context: Pick<ReadContext, 'chosen' | 'succeeded' | 'ended'> = {
    chosen(choice, policy, now, calledAt) {
      const { member, as } = choice;
      const onPrimary =
        as === 'fallback'
          ? tellPassedOver(executor.router.passedOver(policy, now))
          : (policy.toPrimary ?? 'no replicas');
      entry.sent(member.name, member.role === 'replica' ? as : onPrimary);
      executor.chosen(choice, policy, now, calledAt);
    },
    succeeded(member, policy, incarnation, calledAt) {
      entry.answered(member.name, member.role);
      executor.succeeded(member, policy, incarnation, calledAt);
    },
    ended(error, policy, calledAt) {
      entry.failed(error);
      executor.ended(error, policy, calledAt);
    },
  };
  return Object.assign(Object.create(executor) as ReadContext, context);
}
