import type { Answer } from './commands';
import { el, setAttributes, setText } from './dom';
import { faultsView } from './faults-view';
import type { Model } from './model';
import { type Ask, switchesView } from './switches-view';

/** What can be done by hand; for who may not, how to come to be allowed. */
export function handView(
  parent: Element,
  send: (path: string, body: Readonly<Record<string, unknown>>) => Promise<Answer>,
  giveToken: () => void,
): (model: Model) => void {
  const answer = el('p', { class: 'answer', role: 'status' });
  const more = el('button', { type: 'button', class: 'button' }, 'Give an admin token');
  const refused = el(
    'div',
    { class: 'refused' },
    el('p', { class: 'muted' }, 'You may look. Switches take an admin token.'),
    more,
  );
  const allowed = el('div');
  parent.append(answer, refused, allowed);
  more.addEventListener('click', giveToken);

  const ask: Ask = async (path, body = {}) => {
    setText(answer, '');
    const { kind, text } = await send(path, body);
    setText(answer, kind === 'done' ? '' : text);
    setAttributes(answer, { 'data-tone': kind === 'done' ? undefined : 'bad' });
  };
  const faults = el('div', { class: 'faults' });
  const switches = el('div', { class: 'switches' });
  allowed.append(faults, switches);
  const showFaults = faultsView(faults, ask);
  const showSwitches = switchesView(switches, ask);
  return ({ status, admin, actions }) => {
    if (!status) return;
    refused.hidden = admin;
    allowed.hidden = !admin;
    if (!admin) return;
    showFaults(status, actions);
    showSwitches(status);
  };
}
