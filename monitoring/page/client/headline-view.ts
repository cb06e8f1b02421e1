import type { Moment, StatusView } from '../../view';
import { el, setAttributes, setText } from './dom';
import { age, clockTime, counted, duration, milliseconds, percent, rate, whole } from './format';
import { headline, servesNow } from './headline';
import { iconPlace } from './icons';
import { latest, NOW, type Since, totals } from './model';
import type { Tone } from './states';

/** How far back is told what went wrong, in seconds. */
const LATELY = 60;

interface Figure {
  readonly label: string;
  readonly of: (status: StatusView, history: readonly Moment[]) => { readonly text: string; readonly tone?: Tone };
}

const FIGURES: readonly Figure[] = [
  { label: 'Reads', of: (_, history) => perSecond(history, 'reads') },
  { label: 'Writes', of: (_, history) => perSecond(history, 'writes') },
  {
    label: 'From replicas',
    of: (_, history) => {
      const { replica, reads } = totals(latest(history, NOW));
      return { text: reads === 0 ? '–' : percent(replica / reads) };
    },
  },
  {
    label: 'Longest read, 1 min',
    of: (_, history) => ({ text: milliseconds(totals(latest(history, LATELY)).longestReadMs) }),
  },
  { label: 'Failed, 1 min', of: (_, history) => counting(totals(latest(history, LATELY)).failed) },
  { label: 'Shed, 1 min', of: (_, history) => counting(totals(latest(history, LATELY)).shed) },
  {
    label: 'Fallbacks under way',
    of: ({ bulkhead: { active, max, queued } }) => ({
      text: queued > 0 ? `${whole(queued)} wait` : `${whole(active)}/${whole(max)}`,
      ...(queued > 0 ? { tone: 'warn' as const } : {}),
    }),
  },
  {
    label: 'Retries left',
    of: ({ retriesLeft }) => ({ text: whole(retriesLeft), ...(retriesLeft < 1 ? { tone: 'warn' as const } : {}) }),
  },
];

function perSecond(history: readonly Moment[], what: 'reads' | 'writes') {
  const sum = totals(latest(history, NOW));
  return { text: `${rate(sum[what] / sum.seconds)}/s` };
}

function counting(count: number): { text: string; tone?: Tone } {
  return count > 0 ? { text: whole(count), tone: 'bad' } : { text: '0' };
}

export interface Shown {
  readonly status: StatusView;
  readonly history: readonly Moment[];
  /** The server's time. */
  readonly now: number;
  /** Age of what is shown in milliseconds while the connection is lost. */
  readonly lost?: { readonly ageMs: number; readonly why: string } | undefined;
}

/** The sentence on top with its figures. @returns shows, and tells what it showed */
export function headlineView(
  parent: Element,
  retry: () => void,
): (shown: Shown) => { tone: Tone | 'lost'; text: string; topic: string } {
  const sign = el('span', { class: 'sign-place' });
  const text = el('p', { class: 'said' });
  const when = el('p', { class: 'when' });
  const errors = el('p', { class: 'callers' });
  const notes = el('p', { class: 'notes' });
  const serves = el('p', { class: 'serves' });
  const again = el('button', { type: 'button', class: 'button', hidden: true }, 'Try now');
  again.addEventListener('click', retry);
  const cells = FIGURES.map(({ label, of }) => ({ of, value: el('dd'), term: el('dt', {}, label) }));
  const figures = el('dl', { class: 'figures' }, ...cells.map(({ term, value }) => el('div', {}, term, value)));
  parent.append(el('div', { class: 'banner' }, sign, el('div', {}, text, when, errors, serves, notes, again)), figures);
  const setIcon = iconPlace(sign);

  return ({ status, history, now, lost }) => {
    const said = headline(status, history);
    const tone = lost ? 'lost' : said.tone;
    setAttributes(parent, { 'data-tone': tone });
    setIcon(lost ? 'warn' : said.tone);
    const shown = lost
      ? `Connection lost: all below is ${duration(Math.max(1, Math.floor(lost.ageMs / 1_000)))} old`
      : said.text;
    setText(text, shown);
    setText(when, lost ? `As of ${clockTime(status.at)}: ${said.text}.` : sinceText(said.since, now));
    setText(errors, lost ? `${sentence(lost.why)} Trying again.` : (said.errors ?? ''));
    setText(notes, lost ? '' : said.notes.join(' '));
    setText(serves, lost ? '' : servesNow(status, history));
    again.hidden = !lost;
    for (const { of, value } of cells) {
      const figure = of(status, history);
      setText(value, figure.text);
      setAttributes(value, { 'data-tone': figure.tone });
    }
    return { tone, text: shown, topic: lost ? 'Connection lost: what is shown is old' : said.topic };
  };
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
}

function sinceText(since: Since | undefined, now: number): string {
  if (!since) return '';
  const minutes = Math.floor((now - since.at) / 60_000);
  if (since.atLeast) return minutes < 1 ? 'for as long as is remembered' : `for at least ${counted(minutes, 'minute')}`;
  return `since ${clockTime(since.at)}, ${age(now - since.at)}`;
}
