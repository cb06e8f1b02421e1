import type { ActionView, MemberView, Moment, StatusView } from '../../view';
import type { Ask } from './asking';
import { el, list, setAttributes, type View } from './dom';
import { CELLS, type Seen } from './member-cells';
import { canBeHandled, type Handled, memberHand } from './member-hand';
import { latest, NOW, totals } from './model';
import { keyOf, toneOf } from './states';

/** Where there are faults to be tried, they are shown from the beginning, unless they would bury the members. */
const MOST_OPEN = 6;

interface Row extends Seen, Handled {
  /** Whether whoever looks may use switches. */
  readonly admin: boolean;
}

/**
 * The members: a table, whose rows become cards on a phone, each with what can be done to it by hand. The roles are written out, since a browser
 * forgets them when a row is laid out as a card.
 */
export function membersView(
  parent: Element,
  ask: Ask,
): (status: StatusView, history: readonly Moment[], admin: boolean, actions: readonly ActionView[]) => void {
  const headings = ['Member', ...CELLS.map(([label]) => label)];
  const head = el(
    'tr',
    { role: 'row' },
    ...headings.map((name) => el('th', { role: 'columnheader', scope: 'col' }, name)),
  );
  const table = el(
    'table',
    { role: 'table', 'aria-labelledby': 'members-title' },
    el('thead', { role: 'rowgroup' }, head),
  );
  const hint = el(
    'p',
    { class: 'muted hint' },
    'Faults are done to the servers themselves. Try one, and watch where reads go.',
  );
  parent.append(hint, table);
  const show = list<Row>(
    table,
    ({ member }) => keyOf(member),
    (row) => rowView(row, ask),
  );
  return (status, history, admin, actions) => {
    hint.hidden = !admin || actions.length === 0;
    const recent = totals(latest(history, NOW));
    const sum = Object.values(recent.members).reduce((total, one) => total + one, 0);
    show(
      status.members.map((member) => {
        // A primary of before has the name of the replica that it may be by now.
        const reads = member.state === 'fenced' ? 0 : (recent.members[member.name] ?? 0);
        return {
          member,
          status,
          history,
          readsPerSecond: reads / recent.seconds,
          share: sum === 0 ? 0 : reads / sum,
          admin,
          actions,
          last: !status.members.some(
            (other) => other.role === 'replica' && other.state === 'serving' && other.name !== member.name,
          ),
        };
      }),
    );
  };
}

let made = 0;

function rowView(row: Row, ask: Ask): View<Row> {
  made += 1;
  const id = `hand-${made}`;
  const toggle = el('button', { type: 'button', class: 'toggle', 'aria-controls': id }, 'By hand');
  toggle.append(el('span', { class: 'hidden' }, ` ${row.member.name}`));
  const cells = CELLS.map(([label, make]) => make(label));
  const line = el('tr', { role: 'row' }, nameCell(row.member, toggle), ...cells.map(({ element }) => element));
  const hand = memberHand(row, ask);
  const under = el(
    'tr',
    { role: 'row', id },
    el('td', { role: 'cell', colspan: CELLS.length + 1, class: 'by-hand' }, hand.element),
  );
  const element = el('tbody', { role: 'rowgroup' }, line, under);
  let open = row.actions.length > 0 && row.status.members.length <= MOST_OPEN;
  let possible = false;
  const show = () => {
    toggle.hidden = !possible;
    under.hidden = !(possible && open);
    setAttributes(toggle, { 'aria-expanded': String(open) });
  };
  toggle.addEventListener('click', () => {
    open = !open;
    show();
  });
  return {
    element,
    update: (shown) => {
      setAttributes(element, { 'data-tone': toneOf(shown.member) });
      for (const cell of cells) cell.update(shown);
      possible = shown.admin && canBeHandled(shown.member, shown.actions);
      if (possible) hand.update(shown);
      show();
    },
  };
}

function nameCell({ name, role, zone, host, port }: MemberView, toggle: Element): HTMLElement {
  return el(
    'th',
    { role: 'rowheader', scope: 'row', class: 'name' },
    el('span', { class: 'called' }, el('span', { class: 'member' }, name), toggle),
    el('span', { class: 'muted' }, zone === null ? role : `${role}, ${zone}`),
    el('span', { class: 'muted place' }, `${host}:${port}`),
  );
}
