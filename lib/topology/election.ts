import type { Lsn } from '../lag/lsn';
import type { Sighting } from '../lag/sighting';
import type { Facts } from '../members/state';
import type { Promotion } from './promotion';

/** A member, as the question who writes sees it. */
export interface Voter {
  readonly name: string;
  readonly role: 'primary' | 'replica';
  readonly facts: Facts;
  /** Milliseconds for which it has given no answer; 0 while it answers. */
  readonly silentMs: number;
  /**
   * How it was first seen out of recovery.
   * @default - what it says now counts for what it said first
   */
  readonly promotion?: Promotion | undefined;
}

/** What is known of the primary of before. */
export interface LastKnown {
  readonly timeline: number | undefined;
  /** Its newest position that was ever seen. */
  readonly lsn: Lsn | undefined;
  /**
   * Monotonic milliseconds of the question that it last answered as the primary.
   * @default - that of its last answer, when it gave that as the primary
   */
  readonly at?: number | undefined;
}

export interface ElectionOptions {
  /** Milliseconds without an answer after which a writer may be succeeded. @default 1000 */
  readonly silenceMs?: number;
}

export type Election =
  /** The writer stays. */
  | { readonly kind: 'keep' }
  | { readonly kind: 'adopt'; readonly name: string; readonly reason: string }
  /** The writer is gone, and nobody is provably its successor: writes fail fast. */
  | { readonly kind: 'undecided'; readonly reason: string };

const KEEP: Election = { kind: 'keep' };
const SILENCE_MS = 1_000;

/** A member that answers. */
interface Present {
  readonly name: string;
  readonly sighting: Sighting;
  readonly promotion: Promotion | undefined;
}

/** A reader out of recovery that may be the successor. */
interface Successor extends Present {
  readonly timeline: number;
}

/**
 * Which member is the writer now (docs/decisions/0037-failover-of-the-primary.md).
 *
 * It elects nobody: whoever promoted a replica has done that. It finds out whether a promotion was the succession of the primary, or an
 * accident. No order of `readers` changes the outcome.
 */
export function elect(
  writer: Voter,
  readers: readonly Voter[],
  known: LastKnown,
  { silenceMs = SILENCE_MS }: ElectionOptions = {},
): Election {
  const silent = writer.silentMs >= silenceMs;
  const former = silent ? undefined : presentOf(writer, silenceMs);
  if (!silent && !former?.sighting.recovering) return KEEP;

  const gone = silent
    ? `${writer.name} has not answered for ${Math.round(writer.silentMs)} ms`
    : `${writer.name} is in recovery`;
  const undecided = (why: string): Election => ({ kind: 'undecided', reason: `${gone}, and ${why}` });
  const present = readers.flatMap((reader) => presentOf(reader, silenceMs) ?? []);
  const promoted = present.filter(({ sighting }) => !sighting.recovering).sort(byName);
  if (promoted.length === 0) return undecided('no reader that answers has been promoted');

  const followers = former ? [...present, former] : present;
  const lastPrimary = known.at ?? (writer.facts.sighting?.recovering === false ? writer.facts.sighting.at : undefined);
  const refusals: string[] = [];
  const successors: Successor[] = [];
  for (const member of promoted) {
    const { timeline } = member.sighting;
    const refusal = refusalOf(member, followers, known.timeline, lastPrimary, writer.name);
    if (timeline === undefined || refusal !== undefined) refusals.push(`${member.name} ${refusal ?? UNKNOWN_TIMELINE}`);
    else successors.push({ ...member, timeline });
  }

  const newest = Math.max(...successors.map(({ timeline }) => timeline));
  const [successor, ...rivals] = successors.filter(({ timeline }) => timeline === newest);
  if (!successor) return undecided(refusals.join('; '));
  if (rivals.length > 0) {
    const names = [successor, ...rivals].map(({ name }) => name).join(' and ');
    return undecided(`${names} are both primaries on timeline ${newest}: none is provably the successor`);
  }
  const objection = objectionTo(successor, present, silent, known.timeline, writer.name);
  if (objection) return undecided(objection);
  const missing = readers.filter((reader) => !present.some(({ name }) => name === reader.name));
  return { kind: 'adopt', name: successor.name, reason: [gone, ...newsOf(successor, known, missing)].join('; ') };
}

const UNKNOWN_TIMELINE = 'is out of recovery on a timeline that it does not tell';

/** Why a reader out of recovery is no successor, by itself. */
function refusalOf(
  { name, sighting: { timeline }, promotion }: Present,
  followers: readonly Present[],
  knownTimeline: number | undefined,
  lastPrimary: number | undefined,
  writer: string,
): string | undefined {
  if (timeline === undefined) return UNKNOWN_TIMELINE;
  if (knownTimeline !== undefined && timeline <= knownTimeline) {
    return `is out of recovery on timeline ${timeline}, which is not newer than ${knownTimeline}, ${writer}'s`;
  }
  // A standby gets to a timeline by following who began it: somebody decided that this is the primary, whatever else is unknown.
  if (followers.some((other) => other.name !== name && follows(other, timeline))) return undefined;
  if (knownTimeline === undefined) {
    return `is a primary on timeline ${timeline}, but ${writer} was never seen, and nobody follows ${name}`;
  }
  if (promotion !== undefined && (lastPrimary === undefined || lastPrimary > promotion.at)) {
    return `was promoted beside ${writer}, which still took writes, and nobody follows ${name}`;
  }
  return undefined;
}

/** Why the only successor there is may not be the primary all the same, by what the others say. */
function objectionTo(
  successor: Successor,
  present: readonly Present[],
  silent: boolean,
  knownTimeline: number | undefined,
  writer: string,
): string | undefined {
  const { name, timeline, sighting, promotion } = successor;
  const others = present.filter((other) => other.sighting.recovering && !follows(other, timeline)).sort(byName);
  // Standbys may follow a writer in recovery too; but from a silent one they can only have what a living primary sends.
  const streaming = others.find(
    ({ sighting: { receiving, timeline: its } }) =>
      receiving && its !== undefined && its >= (knownTimeline ?? its) && its < timeline,
  );
  if (silent && streaming) {
    return `${name} was promoted, but ${streaming.name} still streams from a primary on timeline ${streaming.sighting.timeline}: ${writer} may be alive`;
  }
  const first = promotion?.lsn ?? sighting.lsn;
  if (first === undefined) return `${name} was promoted, but does not tell its position`;
  const ahead = others.find(({ sighting: { receiving, timeline: its, lsn } }) => {
    // One that may not tell its timeline may well stream from the successor, and be past where that began.
    const from = receiving && its === undefined ? (sighting.lsn ?? first) : first;
    return lsn !== undefined && lsn > from;
  });
  if (!ahead) return undefined;
  const bytes = (ahead.sighting.lsn ?? first) - first;
  return (
    `${name} was promoted, but ${ahead.name} has ${bytes} bytes of the log that ${name} never had. ` +
    `Rebuild or remove ${ahead.name}, or name ${name} as the writer in the contract`
  );
}

/** What is known of the succession, for people. */
function newsOf(successor: Successor, known: LastKnown, missing: readonly Voter[]): string[] {
  const news = [`${successor.name} was promoted on timeline ${successor.timeline}`];
  const first = successor.promotion?.lsn ?? successor.sighting.lsn;
  if (known.lsn !== undefined && first !== undefined && known.lsn > first) {
    news.push(`at least ${known.lsn - first} bytes of the old primary's log are lost`);
  }
  const names = missing.map(({ name }) => name).sort();
  if (names.length > 0) news.push(`${names.join(', ')} did not answer and may have more`);
  return news;
}

/** Whether it streams from a primary on `timeline`. */
function follows({ sighting }: Present, timeline: number): boolean {
  return sighting.recovering && sighting.receiving && sighting.timeline === timeline;
}

function presentOf({ name, facts, silentMs, promotion }: Voter, silenceMs: number): Present | undefined {
  const { sighting, failure } = facts;
  if (sighting === undefined || failure !== undefined || silentMs >= silenceMs) return undefined;
  return { name, sighting, promotion };
}

function byName(one: Present, other: Present): number {
  return one.name < other.name ? -1 : 1;
}
