import type { ActionView, MemberView } from '../../view';
import { actionButton, actionsOn } from './actions';
import type { Ask } from './asking';
import { button } from './button';
import { pathOf } from './commands';
import { el, list, setText, type View } from './dom';

/** What can be done by hand to one member, now. */
export interface Handled {
  readonly member: MemberView;
  readonly actions: readonly ActionView[];
  /** Whether no other replica serves. */
  readonly last: boolean;
}

/** Whether there is anything: the primary can neither be drained, nor has it a breaker that opens. */
export function canBeHandled({ role }: MemberView, actions: readonly ActionView[]): boolean {
  return role === 'replica' || actionsOn(role, actions).length > 0;
}

/** The switches of a replica, and the faults of any member. */
export function memberHand({ member: { name, role } }: Handled, ask: Ask): View<Handled> {
  const faults = el('div', { class: 'group faults' }, el('span', { class: 'muted' }, 'Faults:'));
  const showFaults = list<ActionView>(
    faults,
    (action) => action.name,
    (action) => ({ element: actionButton(action, name, ask).element, update: () => undefined }),
  );
  const switches = role === 'replica' ? replicaSwitches(name, ask) : undefined;
  const element = el('div', { class: 'acts' }, ...(switches?.elements ?? []), faults);
  return {
    element,
    update: (handled) => {
      switches?.update(handled);
      const mine = actionsOn(role, handled.actions);
      faults.hidden = mine.length === 0;
      showFaults(mine);
    },
  };
}

function replicaSwitches(name: string, ask: Ask) {
  let alone = false;
  const last = () => (alone ? `${name} is the last replica that serves. ` : '');
  const order = (...names: string[]) => ask(pathOf('members', name, ...names));
  const breaker = `the breaker of ${name}`;
  const drain = button({
    label: 'Drain',
    to: name,
    ask: () => `${last()}Send ${name} no more reads?`,
    run: () => order('drain'),
  });
  const undrain = button({ label: 'Undrain', to: name, run: () => order('undrain') });
  const open = button({
    label: 'Hold open',
    to: breaker,
    ask: () => `${last()}Keep reads from ${name} until its breaker is reset?`,
    run: () => order('breaker', 'open'),
  });
  const closed = button({
    label: 'Hold closed',
    to: breaker,
    ask: () => `Send reads to ${name}, whatever fails, until its breaker is reset?`,
    run: () => order('breaker', 'closed'),
  });
  const reset = button({ label: 'Reset', to: breaker, run: () => order('breaker', 'reset') });
  const state = el('span', { class: 'muted' });
  return {
    elements: [
      el('div', { class: 'group' }, drain.element, undrain.element),
      el('div', { class: 'group' }, state, open.element, closed.element, reset.element),
    ],
    update: ({ member: { state: kind, breaker: seen }, last: isLast }: Handled) => {
      alone = isLast;
      setText(state, `Breaker: ${seen.forced ? `held ${seen.forced}` : seen.state}`);
      drain.element.hidden = kind === 'draining';
      undrain.element.hidden = kind !== 'draining';
      open.element.hidden = seen.forced === 'open';
      closed.element.hidden = seen.forced === 'closed';
      // Of use only where somebody, or something, has moved it.
      reset.element.hidden = seen.state === 'closed' && seen.forced === null;
    },
  };
}
