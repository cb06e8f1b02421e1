import { bytesText } from '../../monitoring/bytes-text';
import type { MemberView } from '../../monitoring/view';
import type { Io } from '../io';
import { type Style, styleOf } from '../style';
import { type Cell, type Column, table } from '../table';
import { countText, secondsText } from '../units';
import type { Sight } from './sight';
import { isWell } from './wellness';

const COMMON: readonly Column[] = [
  { head: 'member' },
  { head: 'role' },
  { head: 'state' },
  { head: 'lag', align: 'right' },
  { head: 'behind', align: 'right' },
  { head: 'latency', align: 'right' },
  { head: 'connections', align: 'right' },
];
/** What an app knows beside. */
const OF_AN_APP: readonly Column[] = [
  { head: 'reads', align: 'right' },
  { head: 'writes', align: 'right' },
  { head: 'errors', align: 'right' },
  { head: 'breaker' },
];

/** A look as lines of text: one per member, under a head, above what goes for all of them. */
export function statusLines(sight: Sight, io: Pick<Io, 'colour'>): string[] {
  const { status, servers } = sight;
  const style = styleOf(io);
  const isApp = servers === undefined;
  const rows = status.members.map((member) => [
    member.name,
    member.role,
    stateCell(member, style),
    lagCell(member),
    member.lag?.bytes == null ? '-' : bytesText(member.lag.bytes),
    // Of a member that was asked nothing, nothing is known.
    member.latencyMs > 0 ? `${member.latencyMs.toFixed(1)} ms` : '-',
    isApp ? poolText(member) : connectionsText(servers[member.name]),
    ...(isApp ? [String(member.reads), String(member.writes), String(member.errors), breakerText(member)] : []),
  ]);
  return [
    `${style.strong(`${status.fleet}/${status.environment}`)}  ${summary(status.members, style)}  ${style.faint(timeText(status.at))}`,
    '',
    ...table(isApp ? [...COMMON, ...OF_AN_APP] : COMMON, rows),
    ...(isApp ? switches(status) : []),
  ];
}

/** What state and reason say, e.g. `ejected: connect ECONNREFUSED`. */
export function stateText({ state, reason }: Pick<MemberView, 'state' | 'reason'>): string {
  const text = reason === null ? state : `${state}: ${reason}`;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function stateCell(member: MemberView, style: Style): Cell {
  const paint = isWell(member) ? style.good : member.state === 'lagging' ? style.doubtful : style.bad;
  return { text: stateText(member), paint };
}

/** A replica that answers and whose lag is unknown is further behind than it was watched. */
function lagCell({ role, lag }: MemberView): string {
  if (role === 'primary' || lag === null) return '-';
  return secondsText(lag.seconds ?? Number.POSITIVE_INFINITY);
}

function connectionsText(server: { readonly used: number; readonly max: number } | undefined): string {
  return server ? `${server.used} of ${server.max}` : '-';
}

function poolText({ pool }: MemberView): string {
  const waiting = pool.waiting > 0 ? `, ${pool.waiting} wait` : '';
  return `${pool.total - pool.idle} of ${pool.max}${waiting}`;
}

function breakerText({ breaker }: MemberView): string {
  return breaker.forced === null ? breaker.state : `${breaker.state} (by hand)`;
}

function summary(members: readonly MemberView[], style: Style): string {
  const unwell = members.filter((member) => !isWell(member)).length;
  if (unwell === 0) return style.good(`${countText(members.length, 'member')}, all well`);
  return style.bad(`${countText(members.length, 'member')}, ${unwell} not well`);
}

function switches({ flags, bulkhead, retriesLeft }: Sight['status']): string[] {
  const off = flags.endpoints.filter(({ enabled }) => !enabled).map(({ endpoint }) => endpoint);
  const partly = flags.endpoints.filter(({ enabled, rollout }) => enabled && rollout < 100);
  return [
    '',
    `fallback on the primary: ${bulkhead.active} of ${bulkhead.max}, ${bulkhead.queued} waiting, ${bulkhead.shed} shed; ${countText(retriesLeft, 'retry', 'retries')} left`,
    ...(flags.allOff ? ['switched off: every endpoint; all reads go to the primary'] : []),
    ...(off.length > 0 ? [`switched off: ${off.join(', ')}`] : []),
    ...(partly.length > 0
      ? [`rolled out in part: ${partly.map(({ endpoint, rollout }) => `${endpoint} ${rollout} %`).join(', ')}`]
      : []),
  ];
}

function timeText(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ').concat(' UTC');
}
