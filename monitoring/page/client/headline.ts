import type { MemberView, Moment, StatusView } from '../../view';
import { counted, duration, endpointName, listed, percent, rate, whole } from './format';
import { latest, NOW, type Since, since, totals } from './model';
import { replicasOf, type Tone, writerOf } from './states';

/** What somebody must know within a second. */
export interface Headline {
  readonly tone: Tone;
  readonly text: string;
  /** The text without its figures: the same while nothing new happened, for who is told of changes alone. */
  readonly topic: string;
  readonly since: Since | undefined;
  /** Beside it: reads that fall back, switches that were set. */
  readonly notes: readonly string[];
  /** What callers see of it: errors. Undefined while they see none. */
  readonly errors: string | undefined;
}

/** For how long a failed call keeps the headline from being calm, in seconds. */
const RECENTLY = 30;

/** One kind of trouble, the worst first. `verb` is for one member, and for many. */
interface Trouble {
  readonly tone: Tone;
  readonly of: (member: MemberView) => boolean;
  readonly verb: readonly [string, string];
  readonly figure?: (members: readonly MemberView[]) => string;
}

const ejected = ({ state }: MemberView) => state === 'ejected';
const tripped = ({ breaker }: MemberView) => breaker.state === 'open';

const TROUBLES: readonly Trouble[] = [
  { tone: 'warn', of: (member) => ejected(member) && !tripped(member), verb: ['does not answer', 'do not answer'] },
  {
    tone: 'warn',
    of: (member) => ejected(member) && tripped(member) && member.breaker.forced !== 'open',
    verb: ['fails (breaker open)', 'fail (breakers open)'],
  },
  {
    tone: 'warn',
    of: ({ state }) => state === 'promoted',
    verb: ['was promoted and left the fleet', 'were promoted and left the fleet'],
  },
  {
    tone: 'warn',
    of: ({ state }) => state === 'disconnected',
    verb: ['receives nothing from the primary', 'receive nothing from the primary'],
  },
  { tone: 'warn', of: ({ state }) => state === 'lagging', verb: ['lags', 'lag'], figure: behind },
  {
    tone: 'info',
    of: (member) => ejected(member) && member.breaker.forced === 'open',
    verb: ['is kept out by hand (breaker open)', 'are kept out by hand (breakers open)'],
  },
  { tone: 'info', of: ({ state }) => state === 'draining', verb: ['is drained', 'are drained'] },
  { tone: 'info', of: ({ state }) => state === 'joining', verb: ['is joining', 'are joining'] },
];

function behind(members: readonly MemberView[]): string {
  const known = members.flatMap(({ lag }) => (lag?.seconds == null ? [] : [lag.seconds]));
  if (known.length < members.length || known.length === 0) return ', how far is not known';
  return `${members.length > 1 ? ' up to' : ''} ${duration(Math.max(...known))} behind`;
}

/** The one sentence on top of the page, and what goes with it. */
export function headline(status: StatusView, history: readonly Moment[]): Headline {
  const said = sentence(status, history);
  const { failed, shed } = totals(latest(history, RECENTLY));
  const notes = notesOf(status, history);
  const calm = said.tone === 'good';
  if (failed + shed === 0) {
    const text = calm ? `All well: ${said.text}` : said.text;
    return { ...said, text, notes, errors: undefined };
  }
  const but = ', but callers see errors';
  return {
    tone: 'bad',
    text: calm ? `${said.text}${but}` : said.text,
    topic: `${said.topic}${but}`,
    // The members have been well for long; since when callers have not, the chart shows.
    since: calm ? undefined : said.since,
    notes,
    errors: callersSee(failed, shed),
  };
}

type Sentence = Omit<Headline, 'notes' | 'errors'>;

function sentence(status: StatusView, history: readonly Moment[]): Sentence {
  const writer = writerOf(status.members);
  const replicas = replicasOf(status.members);
  if (!writer || (writer.state !== 'serving' && writer.state !== 'joining'))
    return primaryLost(writer, replicas, status, history);
  const name = sinceAll(history, [writer]);
  if (writer.state === 'joining') return plain('info', `${writer.name}, the primary, has not answered yet`, name);
  if (replicas.length === 0) return plain('info', 'No replicas: the primary serves all reads', name);
  if (status.flags.allOff)
    return plain('warn', 'Replicas are switched off by hand: the primary serves all reads', undefined);
  return replicasSeen(replicas, writer, history);
}

function primaryLost(
  writer: MemberView | undefined,
  replicas: readonly MemberView[],
  { flags }: StatusView,
  history: readonly Moment[],
): Sentence {
  const onset = writer && sinceAll(history, [writer]);
  if (flags.allOff && replicas.length > 0)
    return plain('bad', 'Primary lost while replicas are switched off: reads and writes fail', onset);
  // They hear nothing from a primary that is gone, and serve all the same what they can prove to be fresh enough.
  const standing = replicas.filter(({ state }) => ['serving', 'lagging', 'disconnected'].includes(state));
  if (standing.length === 0) return plain('bad', 'All down: no member answers, reads and writes fail', onset);
  const { members } = totals(latest(history, NOW));
  const reading = standing.filter(({ name }) => (members[name] ?? 0) > 0);
  const many = (count: number, one: string, more: string) => `${counted(count, 'replica')} ${count === 1 ? one : more}`;
  if (reading.length > 0)
    return plain(
      'bad',
      `Primary lost: writes are refused, ${many(reading.length, 'serves reads', 'serve reads')}`,
      onset,
    );
  // Reads are sent to it all the same: none of those that answer is fresh enough for them.
  const what = writer && (members[writer.name] ?? 0) > 0 ? 'reads and writes fail' : 'writes are refused';
  return plain('bad', `Primary lost: ${what}, ${many(standing.length, 'still answers', 'still answer')}`, onset);
}

function replicasSeen(replicas: readonly MemberView[], writer: MemberView, history: readonly Moment[]): Sentence {
  const found = TROUBLES.map((trouble) => ({ trouble, members: replicas.filter(trouble.of) })).filter(
    ({ members }) => members.length > 0,
  );
  const serving = replicas.filter(({ state }) => state === 'serving');
  const worst = found[0];
  if (!worst) {
    const text = `${counted(serving.length, 'replica')} ${serving.length === 1 ? 'serves' : 'serve'}`;
    return plain('good', text, sinceAll(history, replicas));
  }
  const clause = ({ trouble, members }: (typeof found)[number], figures: boolean) =>
    `${listed(members.map(({ name }) => name))} ${trouble.verb[members.length === 1 ? 0 : 1]}${figures ? (trouble.figure?.(members) ?? '') : ''}`;
  const shown = found.slice(0, 2);
  const text = (figures: boolean) =>
    `${shown.map((each) => clause(each, figures)).join(', ')}; ${servers(serving, writer, history)}`;
  const tone = serving.length === 0 && worst.trouble.tone === 'warn' ? 'bad' : worst.trouble.tone;
  return { tone, text: text(true), topic: text(false), since: sinceAll(history, worst.members) };
}

function servers(serving: readonly MemberView[], writer: MemberView, history: readonly Moment[]): string {
  if (serving.length > 3) return `${serving.length} replicas serve reads`;
  const { members } = totals(latest(history, NOW));
  const who = serving.length > 0 ? serving : [writer];
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const reads = sum(Object.values(members));
  const all = reads > 0 && sum(who.map(({ name }) => members[name] ?? 0)) === reads;
  const names = serving.length > 0 ? listed(serving.map(({ name }) => name)) : 'the primary';
  return `${names} ${who.length === 1 ? 'serves' : 'serve'} ${all ? 'all ' : ''}reads`;
}

function plain(tone: Tone, text: string, onset: Since | undefined): Sentence {
  return { tone, text, topic: text, since: onset };
}

/** Since when each of these is in the state it is in: of several, the one that changed last. */
function sinceAll(history: readonly Moment[], members: readonly MemberView[]): Since | undefined {
  return since(history, (moment) => members.every(({ name, state }) => moment.members[name]?.state === state));
}

function callersSee(failed: number, shed: number): string {
  const parts = [
    ...(failed > 0 ? [`${counted(failed, 'call')} failed`] : []),
    ...(shed > 0 ? [`${counted(shed, 'read was', 'reads were')} shed`] : []),
  ];
  return `${parts.join(' and ')} in the last ${RECENTLY} s.`;
}

function notesOf({ flags }: StatusView, history: readonly Moment[]): string[] {
  const { fallback, reads } = totals(latest(history, NOW));
  const off = flags.endpoints.filter(({ enabled }) => !enabled).map(({ endpoint }) => endpointName(endpoint));
  const partly = flags.endpoints.filter(({ enabled, rollout }) => enabled && rollout < 100);
  return [
    ...(fallback > 0 ? [`${percent(fallback / reads)} of reads fall back to the primary.`] : []),
    ...(off.length > 0 ? [`Switched off by hand: ${listed(off)}.`] : []),
    ...partly
      .slice(0, 3)
      .map(({ endpoint, rollout }) => `${endpointName(endpoint)} is rolled out to ${whole(rollout)} %.`),
  ];
}

/** Where reads are sent at present: `green 62 %, blue 38 %`. Not that they are answered there: for that there are errors. */
export function servesNow(status: StatusView, history: readonly Moment[]): string {
  const { members, reads, seconds, writes } = totals(latest(history, NOW));
  if (reads === 0) return history.length === 0 ? '' : `No reads in the last ${NOW} s.`;
  const roles = new Map(status.members.map(({ name, role }) => [name, role]));
  const shares = Object.entries(members)
    .filter(([, count]) => count > 0)
    .sort(([, one], [, other]) => other - one);
  const sum = shares.reduce((total, [, count]) => total + count, 0);
  const text = shares
    .slice(0, 4)
    .map(([name, count]) => `${roles.get(name) === 'primary' ? 'the primary' : name} ${percent(count / sum)}`);
  const more = shares.length > 4 ? `, ${shares.length - 4} more` : '';
  return `Reads are sent to ${text.join(', ')}${more}: ${rate(reads / seconds)} per second. Writes: ${rate(writes / seconds)} per second.`;
}
