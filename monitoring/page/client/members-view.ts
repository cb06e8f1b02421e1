import type { MemberView, Moment, StatusView } from '../../view';
import { el, list, setAttributes, setText, svg, type View } from './dom';
import { bytes, clockTime, duration, milliseconds, percent, rate, whole } from './format';
import { iconPlace } from './icons';
import { latest, stateSince, totals } from './model';
import { sparkline } from './series';
import { keyOf, stateWord, toneOf, whyOf } from './states';
import { lagTone, poolTone } from './thresholds';

const COLUMNS = ['Member', 'State', 'Lag', 'Reads', 'Latency', 'Errors', 'In flight', 'Pool', 'Breaker'] as const;
/** What the small line shows, in seconds. */
const SPARK_SECONDS = 120;
const SPARK = { width: 84, height: 22 };
const NOW = 5;

interface Row {
  readonly member: MemberView;
  readonly status: StatusView;
  readonly history: readonly Moment[];
  readonly readsPerSecond: number;
  readonly share: number;
}

/**
 * The members: a table, whose rows become cards on a phone. The roles are written out, since a browser forgets them when a row is laid out as a
 * card.
 */
export function membersView(parent: Element): (status: StatusView, history: readonly Moment[]) => void {
  const head = el(
    'tr',
    { role: 'row' },
    ...COLUMNS.map((name) => el('th', { role: 'columnheader', scope: 'col' }, name)),
  );
  const body = el('tbody', { role: 'rowgroup' });
  parent.append(
    el('table', { role: 'table', 'aria-labelledby': 'members-title' }, el('thead', { role: 'rowgroup' }, head), body),
  );
  const show = list<Row>(body, ({ member }) => keyOf(member), rowView);
  return (status, history) => {
    const recent = totals(latest(history, NOW));
    const sum = Object.values(recent.members).reduce((total, one) => total + one, 0);
    show(
      status.members.map((member) => {
        const reads = member.state === 'fenced' ? 0 : (recent.members[member.name] ?? 0);
        return { member, status, history, readsPerSecond: reads / recent.seconds, share: sum === 0 ? 0 : reads / sum };
      }),
    );
  };
}

function rowView({ member }: Row): View<Row> {
  const place = [member.zone, `${member.host}:${member.port}`].filter(Boolean).join(' · ');
  const name = el(
    'th',
    { role: 'rowheader', scope: 'row', class: 'name' },
    el('span', { class: 'member' }, member.name),
    el('span', { class: 'muted' }, member.role),
    el('span', { class: 'muted place' }, place),
  );
  const state = stateCell();
  const lag = lagCell();
  const reads = readsCell();
  const pool = poolCell();
  const [latency, errors, inFlight, breaker] = [
    textCell('Latency'),
    textCell('Errors'),
    textCell('In flight'),
    textCell('Breaker'),
  ];
  const parts = [state, lag, reads, latency, errors, inFlight, pool, breaker];
  const element = el('tr', { role: 'row' }, name, ...parts.map((part) => part.element));
  return {
    element,
    update: (row) => {
      const shown = row.member;
      setAttributes(element, { 'data-tone': toneOf(shown) });
      for (const part of [state, lag, reads, pool]) part.update(row);
      latency.set(shown.reads + shown.writes === 0 ? '–' : milliseconds(shown.latencyMs));
      errors.set(whole(shown.errors));
      inFlight.set(whole(shown.inFlight));
      breaker.set(breakerText(shown), shown.breaker.state === 'closed' ? undefined : 'warn');
    },
  };
}

function breakerText({ breaker: { state, forced }, role }: MemberView): string {
  if (role === 'primary' && state === 'closed' && forced === null) return '–';
  return `${state}${forced ? ', by hand' : ''}`;
}

function cell(label: string, ...children: readonly Node[]): HTMLTableCellElement {
  return el('td', { role: 'cell', 'data-label': label, class: label.toLowerCase().replace(' ', '-') }, ...children);
}

function textCell(label: string) {
  const value = el('span', { class: 'value' });
  return {
    element: cell(label, value),
    update: () => undefined,
    set: (text: string, tone?: string) => {
      setText(value, text);
      setAttributes(value, { 'data-tone': tone });
    },
  };
}

function stateCell(): View<Row> {
  const sign = el('span', { class: 'sign-place' });
  const word = el('span', { class: 'word' });
  const why = el('span', { class: 'why' });
  const setIcon = iconPlace(sign);
  return {
    element: cell('State', sign, el('span', { class: 'state-text' }, word, why)),
    update: ({ member, history }) => {
      setIcon(toneOf(member));
      setText(word, stateWord(member));
      const onset = stateSince(history, member.name, member.state);
      const since = onset && !onset.atLeast ? `since ${clockTime(onset.at)}` : '';
      setText(why, [whyOf(member), since].filter(Boolean).join(', '));
      setAttributes(word, { 'data-tone': toneOf(member) });
    },
  };
}

function lagCell(): View<Row> {
  const value = el('span', { class: 'value' });
  const distance = el('span', { class: 'muted' });
  const line = svg('polyline', { fill: 'none' });
  const picture = svg(
    'svg',
    { class: 'spark', 'aria-hidden': 'true', viewBox: `0 0 ${SPARK.width} ${SPARK.height}` },
    line,
  );
  return {
    element: cell('Lag', el('span', { class: 'two' }, value, distance), picture),
    update: ({ member, status, history }) => {
      const replica = member.role === 'replica';
      setText(value, replica ? duration(member.lag?.seconds ?? null) : '–');
      const tone = replica ? lagTone(member.lag?.seconds ?? null, status.thresholds) : undefined;
      setAttributes(value, { 'data-tone': tone });
      setText(distance, replica && member.lag?.bytes != null ? bytes(member.lag.bytes) : '');
      const points = replica
        ? sparkline(latest(history, SPARK_SECONDS), member.name, status.thresholds.warningSeconds, SPARK)
        : '';
      setAttributes(line, { points });
      setAttributes(picture, { 'data-tone': tone, hidden: points === '' });
    },
  };
}

function readsCell(): View<Row> {
  const value = el('span', { class: 'value' });
  const share = el('span', { class: 'muted' });
  const bar = el('span', { class: 'bar', 'aria-hidden': 'true' });
  return {
    element: cell('Reads', el('span', { class: 'two' }, value, share), bar),
    update: ({ readsPerSecond, share: part }) => {
      setText(value, `${rate(readsPerSecond)}/s`);
      setText(share, percent(part));
      bar.style.setProperty('--part', String(part));
    },
  };
}

function poolCell(): View<Row> {
  const value = el('span', { class: 'value' });
  const waiting = el('span', { class: 'muted' });
  const bar = el('span', { class: 'bar', 'aria-hidden': 'true' });
  return {
    element: cell('Pool', el('span', { class: 'two' }, value, waiting), bar),
    update: ({ member: { pool } }) => {
      const active = pool.total - pool.idle;
      const tone = poolTone(pool);
      setText(value, `${whole(active)}/${whole(pool.max)}`);
      setText(waiting, pool.waiting > 0 ? `${whole(pool.waiting)} waiting` : '');
      setAttributes(value, { 'data-tone': tone });
      setAttributes(bar, { 'data-tone': tone });
      bar.style.setProperty('--part', String(pool.max > 0 ? Math.min(1, active / pool.max) : 0));
    },
  };
}
