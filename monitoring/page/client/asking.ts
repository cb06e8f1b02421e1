import type { Answer } from './commands';
import { el, setText } from './dom';

/** Asks the server for something. What comes of it is seen in the figures and in the events; only a refusal is told by itself. */
export type Ask = (path: string, body?: Readonly<Record<string, unknown>>) => Promise<void>;

/** @param parent where refusals are told: always in sight, whatever was pressed */
export function asking(
  parent: Element,
  send: (path: string, body: Readonly<Record<string, unknown>>) => Promise<Answer>,
): Ask {
  const text = el('p', { role: 'alert' });
  const dismiss = el('button', { type: 'button', class: 'button' }, 'Dismiss');
  const answer = el('div', { class: 'answer', 'data-tone': 'bad', hidden: true }, text, dismiss);
  parent.append(answer);
  const tell = (words: string) => {
    answer.hidden = words === '';
    setText(text, words);
  };
  dismiss.addEventListener('click', () => tell(''));
  return async (path, body = {}) => {
    tell('');
    const { done, text: words } = await send(path, body);
    if (!done) tell(words);
  };
}
