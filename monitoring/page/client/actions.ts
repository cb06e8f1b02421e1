import type { ActionView, MemberView } from '../../view';
import type { Ask } from './asking';
import { button } from './button';
import { pathOf } from './commands';

/** What can be done to the servers themselves, where whoever runs the fleet offers it: the faults of `npm start`. */

export function actionsOn(role: MemberView['role'], actions: readonly ActionView[]): readonly ActionView[] {
  return actions.filter(({ on }) => on === 'member' || on === role);
}

/** @param member undefined for an action on the fleet */
export function actionButton({ name, label, help, asks }: ActionView, member: string | undefined, ask: Ask) {
  return button({
    label,
    help,
    ...(member === undefined ? {} : { to: member }),
    ...(asks ? { ask: () => `${help} ${label}${member === undefined ? '' : ` ${member}`}?` } : {}),
    run: () => ask(pathOf('actions', name), member === undefined ? {} : { member }),
  });
}
