import type { Told } from '../../view';
import { el, list } from './dom';
import { clockTime } from './format';
import { icon } from './icons';
import type { Tone } from './states';

const TONES: Record<Told['tone'], Tone> = { good: 'good', bad: 'bad', neutral: 'info' };
const WORDS: Record<Told['tone'], string> = { good: 'Good: ', bad: 'Bad: ', neutral: '' };

/** What happened, the newest first. Read out as it comes, but for what had come before the page was opened. */
export function eventsView(parent: Element): (told: readonly Told[]) => void {
  const entries = el('ol', { class: 'entries' });
  const none = el('p', { class: 'muted' }, 'Nothing has happened yet.');
  const log = el(
    'div',
    { role: 'log', 'aria-labelledby': 'events-title', 'aria-live': 'off', tabindex: 0, class: 'log' },
    entries,
    none,
  );
  parent.append(log);
  const show = list<Told>(entries, ({ id, at }) => `${id} ${at}`, entry);
  return (told) => {
    show([...told].reverse());
    none.hidden = told.length > 0;
    // After what is there already: a reader would be told two hundred lines at once.
    setTimeout(() => log.setAttribute('aria-live', 'polite'), 0);
  };
}

function entry({ at, tone, text, event }: Told) {
  const element = el(
    'li',
    { 'data-tone': TONES[tone] },
    el('time', { datetime: new Date(at).toISOString() }, clockTime(at)),
    icon(TONES[tone]),
    el('span', { class: 'text' }, el('span', { class: 'hidden' }, WORDS[tone]), text),
    el('span', { class: 'muted event' }, event),
  );
  return { element, update: () => undefined };
}
