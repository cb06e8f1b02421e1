import type { MemberView, Moment, StatusView } from '../../view';
import { el, setAttributes, setText, svg, type View } from './dom';
import { bytes, clockTime, duration, milliseconds, percent, rate, whole } from './format';
import { iconPlace } from './icons';
import { latest, stateSince } from './model';
import { sparkline } from './series';
import { stateWord, toneOf, whyOf } from './states';
import { lagTone, poolTone } from './thresholds';

/** What a row of the table shows. */
export interface Seen {
  readonly member: MemberView;
  readonly status: StatusView;
  readonly history: readonly Moment[];
  readonly readsPerSecond: number;
  /** Of all reads, 0 to 1. */
  readonly share: number;
}

/** What the small line shows, in seconds. */
const SPARK_SECONDS = 120;
const SPARK = { width: 84, height: 22 };

/** The columns, with what fills them; the first is the name's, who heads the row. */
export const CELLS: readonly (readonly [label: string, make: (label: string) => View<Seen>])[] = [
  ['State', stateCell],
  ['Lag', lagCell],
  ['Reads', readsCell],
  ['Latency', (label) => textCell(label, latencyText)],
  ['Errors', (label) => textCell(label, ({ member }) => whole(member.errors))],
  ['In flight', (label) => textCell(label, ({ member }) => whole(member.inFlight))],
  ['Pool', poolCell],
  [
    'Breaker',
    (label) => textCell(label, breakerText, ({ member }) => (member.breaker.state === 'closed' ? undefined : 'warn')),
  ],
];

function latencyText({ member: { reads, writes, latencyMs } }: Seen): string {
  return reads + writes === 0 ? '–' : milliseconds(latencyMs);
}

function breakerText({ member: { breaker, role } }: Seen): string {
  // The primary's never opens by itself: there is nobody to go to instead.
  if (role === 'primary' && breaker.state === 'closed' && breaker.forced === null) return '–';
  return breaker.forced ? `held ${breaker.forced}` : breaker.state;
}

function cell(label: string, ...children: readonly Node[]): HTMLTableCellElement {
  return el('td', { role: 'cell', 'data-label': label, class: label.toLowerCase().replace(' ', '-') }, ...children);
}

function textCell(label: string, text: (seen: Seen) => string, tone?: (seen: Seen) => string | undefined): View<Seen> {
  const value = el('span', { class: 'value' });
  return {
    element: cell(label, value),
    update: (seen) => {
      setText(value, text(seen));
      setAttributes(value, { 'data-tone': tone?.(seen) });
    },
  };
}

function stateCell(label: string): View<Seen> {
  const sign = el('span', { class: 'sign-place' });
  const word = el('span', { class: 'word' });
  const why = el('span', { class: 'why' });
  const setIcon = iconPlace(sign);
  return {
    element: cell(label, sign, el('span', { class: 'state-text' }, word, why)),
    update: ({ member, history }) => {
      const tone = toneOf(member);
      setIcon(tone);
      setText(word, stateWord(member));
      setAttributes(word, { 'data-tone': tone });
      const onset = stateSince(history, member.name, member.state);
      const since = onset && !onset.atLeast ? `since ${clockTime(onset.at)}` : '';
      setText(why, [whyOf(member), since].filter(Boolean).join(', '));
    },
  };
}

/** A figure with a smaller one beside it, over a picture of it. */
function figure(label: string, picture: Element) {
  const value = el('span', { class: 'value' });
  const aside = el('span', { class: 'muted' });
  return { element: cell(label, el('span', { class: 'two' }, value, aside), picture), value, aside };
}

function lagCell(label: string): View<Seen> {
  const line = svg('polyline', { fill: 'none' });
  const picture = svg(
    'svg',
    {
      class: 'spark',
      'aria-hidden': 'true',
      viewBox: `0 0 ${SPARK.width} ${SPARK.height}`,
      preserveAspectRatio: 'none',
    },
    line,
  );
  const { element, value, aside } = figure(label, picture);
  return {
    element,
    update: ({ member: { name, role, lag }, status: { thresholds }, history }) => {
      const replica = role === 'replica';
      const seconds = lag?.seconds ?? null;
      const tone = replica ? lagTone(seconds, thresholds) : undefined;
      const points = replica ? sparkline(latest(history, SPARK_SECONDS), name, thresholds.warningSeconds, SPARK) : '';
      setText(value, replica ? duration(seconds) : '–');
      setAttributes(value, { 'data-tone': tone });
      setText(aside, replica && lag?.bytes != null ? bytes(lag.bytes) : '');
      setAttributes(line, { points });
      setAttributes(picture, { 'data-tone': tone, hidden: points === '' });
    },
  };
}

function bar(): HTMLElement {
  return el('span', { class: 'bar', 'aria-hidden': 'true' });
}

function readsCell(label: string): View<Seen> {
  const picture = bar();
  const { element, value, aside } = figure(label, picture);
  return {
    element,
    update: ({ readsPerSecond, share }) => {
      setText(value, `${rate(readsPerSecond)}/s`);
      setText(aside, percent(share));
      picture.style.setProperty('--part', String(share));
    },
  };
}

function poolCell(label: string): View<Seen> {
  const picture = bar();
  const { element, value, aside } = figure(label, picture);
  return {
    element,
    update: ({ member: { pool } }) => {
      const active = pool.total - pool.idle;
      const tone = poolTone(pool);
      setText(value, `${whole(active)}/${whole(pool.max)}`);
      setText(aside, pool.waiting > 0 ? `${whole(pool.waiting)} waiting` : '');
      setAttributes(value, { 'data-tone': tone });
      setAttributes(picture, { 'data-tone': tone });
      picture.style.setProperty('--part', String(pool.max > 0 ? Math.min(1, active / pool.max) : 0));
    },
  };
}
