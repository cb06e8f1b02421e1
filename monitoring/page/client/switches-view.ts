import type { MemberView, StatusView } from '../../view';
import { button } from './button';
import { pathOf } from './commands';
import { el, list, setAttributes, setText, type View } from './dom';
import { percent } from './format';
import { iconPlace } from './icons';
import { keyOf, replicasOf, stateWord, toneOf } from './states';

/** Asks the server for something; what comes of it is told on the page. */
export type Ask = (path: string, body?: Readonly<Record<string, unknown>>) => Promise<void>;

type Endpoint = StatusView['flags']['endpoints'][number];

/** Shares by which an endpoint is rolled out. */
const STEPS = [10, 25, 50, 100] as const;

/** The switches of the library: of all reads, of endpoints, of members. */
export function switchesView(parent: Element, ask: Ask): (status: StatusView) => void {
  const all = allSwitch(ask);
  const endpoints = el('ul', { class: 'rows' });
  const noEndpoints = el(
    'p',
    { class: 'muted' },
    'No endpoint has a switch yet. Endpoints get one when the app names them.',
  );
  const members = el('ul', { class: 'rows' });
  parent.append(
    el('h3', {}, 'All reads'),
    all.element,
    el('h3', {}, 'Endpoints'),
    endpoints,
    noEndpoints,
    el('h3', {}, 'Replicas'),
    members,
  );
  const showEndpoints = list<Endpoint>(
    endpoints,
    ({ endpoint }) => endpoint,
    (item) => endpointRow(item, ask),
  );
  let last: readonly MemberView[] = [];
  const isLast = (name: string) => !last.some((member) => member.name !== name && member.state === 'serving');
  const showMembers = list<MemberView>(members, keyOf, (member) => memberRow(member, ask, isLast));
  return (status) => {
    all.update(status.flags.allOff);
    showEndpoints(status.flags.endpoints);
    noEndpoints.hidden = status.flags.endpoints.length > 0;
    last = replicasOf(status.members);
    showMembers(last);
  };
}

function allSwitch(ask: Ask): View<boolean> {
  const state = el('span', { class: 'what' });
  const off = button({
    label: 'Switch replicas off',
    ask: () => 'Send every read to the primary?',
    run: () => ask('endpoints/disable-all'),
  });
  const on = button({
    label: 'Switch replicas on',
    ask: () => 'Let reads go to replicas again?',
    run: () => ask('endpoints/enable-all'),
  });
  return {
    element: el('div', { class: 'row' }, state, el('span', { class: 'acts' }, off.element, on.element)),
    update: (allOff) => {
      setText(state, allOff ? 'Off: every read goes to the primary.' : 'On: reads may go to replicas.');
      off.element.hidden = allOff;
      on.element.hidden = !allOff;
    },
  };
}

function endpointRow({ endpoint }: Endpoint, ask: Ask): View<Endpoint> {
  const toggle = el('button', {
    type: 'button',
    role: 'switch',
    class: 'switch',
    'aria-label': `${endpoint} may read from replicas`,
  });
  const word = el('span', { class: 'muted' });
  const slider = el('input', {
    type: 'range',
    min: 0,
    max: STEPS.length - 1,
    step: 1,
    'aria-label': `Rollout of ${endpoint}`,
  });
  const share = el('output', { class: 'share' });
  let enabled = true;
  let rollout = 100;
  // While somebody moves it, what the server says is not put in their way.
  let held = false;
  const shown = () => STEPS[Number(slider.value)] ?? 100;
  toggle.addEventListener('click', () => void ask(pathOf('endpoints', endpoint, enabled ? 'disable' : 'enable')));
  slider.addEventListener('input', () => {
    held = true;
    say(shown());
  });
  slider.addEventListener('change', () => {
    void ask(pathOf('endpoints', endpoint, 'rollout'), { percent: shown() }).then(() => {
      held = false;
    });
  });
  const say = (value: number) => {
    setText(share, percent(value / 100));
    setAttributes(slider, { 'aria-valuetext': `${value} percent` });
  };
  return {
    element: el(
      'li',
      { class: 'row' },
      el('span', { class: 'what' }, el('span', { class: 'member' }, endpoint)),
      el('span', { class: 'acts' }, toggle, word, el('label', { class: 'slider' }, slider, share)),
    ),
    update: (flag) => {
      ({ enabled, rollout } = flag);
      setAttributes(toggle, { 'aria-checked': String(enabled) });
      setText(word, enabled ? 'replicas' : 'primary');
      if (held) return;
      slider.value = String(stepAt(rollout));
      say(enabled ? rollout : 0);
    },
  };
}

/** The highest step that is reached: a rollout by code need not be one of them. */
function stepAt(rollout: number): number {
  return Math.max(
    0,
    STEPS.findLastIndex((step) => step <= rollout),
  );
}

function memberRow({ name }: MemberView, ask: Ask, isLast: (name: string) => boolean): View<MemberView> {
  const sign = el('span', { class: 'sign-place' });
  const word = el('span', { class: 'muted' });
  const setIcon = iconPlace(sign);
  const last = () => (isLast(name) ? `${name} is the last replica that serves. ` : '');
  const drain = button({
    label: 'Drain',
    to: name,
    ask: () => `${last()}Send ${name} no more reads?`,
    run: () => ask(pathOf('members', name, 'drain')),
  });
  const undrain = button({ label: 'Undrain', to: name, run: () => ask(pathOf('members', name, 'undrain')) });
  const breaker = (order: 'open' | 'closed' | 'reset') => ask(pathOf('members', name, 'breaker', order));
  const open = button({
    label: 'Open',
    to: `the breaker of ${name}`,
    ask: () => `${last()}Hold the breaker of ${name} open?`,
    run: () => breaker('open'),
  });
  const closed = button({ label: 'Close', to: `the breaker of ${name}`, run: () => breaker('closed') });
  const reset = button({ label: 'Reset', to: `the breaker of ${name}`, run: () => breaker('reset') });
  const state = el('span', { class: 'muted' });
  return {
    element: el(
      'li',
      { class: 'row' },
      el('span', { class: 'what' }, sign, el('span', { class: 'member' }, name), word),
      el(
        'span',
        { class: 'acts' },
        drain.element,
        undrain.element,
        el(
          'span',
          { class: 'group' },
          el('span', { class: 'muted' }, 'Breaker'),
          state,
          open.element,
          closed.element,
          reset.element,
        ),
      ),
    ),
    update: (member) => {
      setIcon(toneOf(member));
      setText(word, stateWord(member).toLowerCase());
      setText(state, member.breaker.forced ? `${member.breaker.state} by hand` : member.breaker.state);
      drain.element.hidden = member.state === 'draining';
      undrain.element.hidden = member.state !== 'draining';
      // Reset gives it back to what it sees itself: of use only where somebody or something moved it.
      reset.element.hidden = member.breaker.state === 'closed' && member.breaker.forced === null;
      open.element.hidden = member.breaker.forced === 'open';
      closed.element.hidden = member.breaker.forced === 'closed';
    },
  };
}
