import type { Decision, Outcome, Priority } from '../../lib';
import type { ToPrimary } from '../../lib/policy/policy';
import type { Hears } from '../listen';
import { BoundedNames, OTHER } from './bounded-names';
import { isCallFailure } from './failures';
import type { Labels, Sink } from './instruments';

/** Where a read was sent, as the label says it. */
type ReadTarget = 'replica' | 'primary' | 'fallback';
type ReadReason = ToPrimary | 'no replicas' | 'isolation' | 'replica' | 'last resort' | 'fallback';

const TARGETS: Readonly<Record<ReadReason, ReadTarget>> = {
  replica: 'replica',
  'last resort': 'replica',
  fallback: 'fallback',
  strong: 'primary',
  'switched off': 'primary',
  'endpoint disabled': 'primary',
  'not in the rollout': 'primary',
  'no replicas': 'primary',
  isolation: 'primary',
};
const PRIORITIES: readonly Priority[] = ['low', 'normal', 'high'];

/** Members come and go with their contracts; those of years shall not add up. */
const MOST_MEMBERS = 100;

/** What a fleet tells, as counts and times. */
export interface Observations {
  readonly hears: Hears;
  /** Of the label `endpoint`. */
  readonly endpoints: BoundedNames;
}

/**
 * Counts what a fleet tells. Counters that people are woken by begin at 0, as far as their labels are known: of one that appears with its first
 * count, Prometheus sees no increase.
 *
 * @param base what all metrics of the fleet have in common
 */
export function observations(sink: Sink, base: Labels, maxEndpoints: number): Observations {
  const reads = new Map<string, ReadonlyMap<string, Labels>>();
  const beginEndpoint = (endpoint: string) => {
    const labels = labelsOfReads(base, endpoint);
    reads.set(endpoint, labels);
    sink.add('reads', labels.get('fallback') as Labels, 0);
    for (const priority of PRIORITIES) sink.add('shed', { ...base, endpoint, priority }, 0);
  };
  const endpoints = new BoundedNames(maxEndpoints, beginEndpoint);
  const members = membersOf(sink, base);
  beginEndpoint('');
  sink.add('hedged', base, 0);
  sink.add('failovers', base, 0);
  const kinds: Readonly<Record<Outcome['kind'], Labels>> = {
    read: { ...base, kind: 'read' },
    write: { ...base, kind: 'write' },
    transaction: { ...base, kind: 'transaction' },
  };
  for (const labels of Object.values(kinds)) sink.add('failures', labels, 0);

  // Reasons are few and fixed: a version of the library that knows more of them than this file makes no more values.
  const readLabels = (endpoint: string, target: Decision['target'], reason: string): Labels =>
    reads.get(endpoint)?.get(reason) ?? { ...base, target, endpoint, reason: OTHER };

  const hears: Hears = {
    decision({ kind, endpoint, target, reason, ms }) {
      if (ms !== undefined) sink.observe('decisions', base, ms / 1_000);
      if (kind === 'read') sink.add('reads', readLabels(endpoints.of(endpoint), target, reason), 1);
    },
    outcome({ kind, error, ms }) {
      const labels = kinds[kind];
      if (ms !== undefined) sink.observe('calls', labels, ms / 1_000);
      if (error !== undefined && isCallFailure(error)) sink.add('failures', labels, 1);
    },
    statement({ member, role, ms, failed }) {
      const labels = members(member, role);
      sink.observe('statements', labels, ms / 1_000);
      if (failed) sink.add('statementFailures', labels, 1);
    },
    event(told) {
      if (told.event === 'shed')
        sink.add('shed', { ...base, endpoint: endpoints.of(told.endpoint), priority: told.priority }, 1);
      else if (told.event === 'hedge') sink.add('hedged', base, 1);
      else if (told.event === 'failover') sink.add('failovers', base, 1);
    },
  };
  return { hears, endpoints };
}

/** The labels of an endpoint's reads by their reason, made once: to put such an object together for each read costs more than to count. */
function labelsOfReads(base: Labels, endpoint: string): ReadonlyMap<string, Labels> {
  return new Map(Object.entries(TARGETS).map(([reason, target]) => [reason, { ...base, target, endpoint, reason }]));
}

/** The labels of a member, made once. */
function membersOf(sink: Sink, base: Labels): (member: string, role: string) => Labels {
  const names = new BoundedNames(MOST_MEMBERS);
  const byRole: Record<string, Map<string, Labels>> = { primary: new Map(), replica: new Map() };
  return (name, role) => {
    const known = byRole[role]?.get(name);
    if (known) return known;
    const member = names.of(name);
    const labels = { ...base, member, role };
    // What is past the bound is not remembered either.
    if (member === name) {
      byRole[role]?.set(name, labels);
      sink.add('statementFailures', labels, 0);
    }
    return labels;
  };
}
