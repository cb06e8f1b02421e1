import type { ActionView, MemberView, StatusView } from '../../view';
import { button } from './button';
import { pathOf } from './commands';
import { el, list } from './dom';
import { keyOf } from './states';
import type { Ask } from './switches-view';

/** What can be done to the servers themselves, where whoever runs the fleet offers it: the faults of `npm start`. */
export function faultsView(parent: Element, ask: Ask): (status: StatusView, actions: readonly ActionView[]) => void {
  const title = el('h3', {}, 'Faults');
  const hint = el(
    'p',
    { class: 'muted' },
    'These are done to the servers themselves. Then watch what the fleet makes of it.',
  );
  const rows = el('ul', { class: 'rows' });
  parent.append(title, hint, rows);
  const run = (action: ActionView, member?: string) =>
    ask(pathOf('actions', action.name), member === undefined ? {} : { member });
  const show = list<Subject>(
    rows,
    ({ key }) => key,
    (subject) => row(subject, run),
  );
  return ({ members }, actions) => {
    const subjects = [
      ...members.map((member) => ({ key: keyOf(member), name: member.name, actions: actionsOn(member, actions) })),
      { key: 'fleet', name: undefined, actions: actions.filter(({ on }) => on === 'fleet') },
    ].filter((subject) => subject.actions.length > 0);
    // A row is made once: other actions are another row.
    show(
      subjects.map((subject) => ({
        ...subject,
        key: `${subject.key} ${subject.actions.map(({ name }) => name).join(' ')}`,
      })),
    );
    for (const part of [title, hint, rows]) part.hidden = actions.length === 0;
  };
}

interface Subject {
  readonly key: string;
  /** Undefined for the fleet as a whole. */
  readonly name: string | undefined;
  readonly actions: readonly ActionView[];
}

function actionsOn({ role }: MemberView, actions: readonly ActionView[]): readonly ActionView[] {
  return actions.filter(({ on }) => on === 'member' || on === role);
}

function row({ name, actions }: Subject, run: (action: ActionView, member?: string) => Promise<void>) {
  const buttons = actions.map((action) =>
    button({
      label: action.label,
      help: action.help,
      ...(name === undefined ? {} : { to: name }),
      ...(action.asks ? { ask: () => `${action.label}${name === undefined ? '' : ` ${name}`}? ${action.help}` } : {}),
      run: () => run(action, name),
    }),
  );
  const element = el(
    'li',
    { class: 'row' },
    el('span', { class: 'what' }, el('span', { class: 'member' }, name ?? 'The fleet')),
    el('span', { class: 'acts' }, ...buttons.map((each) => each.element)),
  );
  return { element, update: () => undefined };
}
