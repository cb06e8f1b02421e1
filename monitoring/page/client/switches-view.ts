import type { ActionView, StatusView } from '../../view';
import { actionButton } from './actions';
import type { Ask } from './asking';
import { button } from './button';
import { pathOf } from './commands';
import { el, list, setAttributes, setText, type View } from './dom';
import { endpointName, percent } from './format';

type Endpoint = StatusView['flags']['endpoints'][number];

/** Shares by which an endpoint is rolled out. */
const STEPS = [10, 25, 50, 100] as const;

/** The switches of reads, of endpoints, and what can be done to the fleet as a whole. Those of a member are beside it. */
export function switchesView(parent: Element, ask: Ask): (status: StatusView, actions: readonly ActionView[]) => void {
  const all = allSwitch(ask);
  const endpoints = el('ul', { class: 'rows' });
  const none = el('p', { class: 'muted' }, 'No endpoint has a switch.');
  const fleetTitle = el('h3', {}, 'The fleet');
  const fleet = el('div', { class: 'acts' });
  parent.append(el('h3', {}, 'All reads'), all.element, el('h3', {}, 'Endpoints'), endpoints, none, fleetTitle, fleet);
  const showEndpoints = list<Endpoint>(
    endpoints,
    ({ endpoint }) => endpoint,
    (item) => endpointRow(item, ask),
  );
  const showFleet = list<ActionView>(
    fleet,
    ({ name }) => name,
    (action) => ({ element: actionButton(action, undefined, ask).element, update: () => undefined }),
  );
  return ({ flags }, actions) => {
    all.update(flags.allOff);
    showEndpoints(flags.endpoints);
    none.hidden = flags.endpoints.length > 0;
    const onFleet = actions.filter(({ on }) => on === 'fleet');
    fleetTitle.hidden = onFleet.length === 0;
    showFleet(onFleet);
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
    'aria-label': `${endpointName(endpoint)} may read from replicas`,
  });
  const word = el('span', { class: 'muted to' });
  const slider = el('input', {
    type: 'range',
    min: 0,
    max: STEPS.length - 1,
    step: 1,
    'aria-label': `Rollout of ${endpointName(endpoint)}`,
  });
  const share = el('output', { class: 'share' });
  let enabled = true;
  // While somebody moves it, what the server says is not put in their way.
  let held = false;
  const chosen = () => STEPS[Number(slider.value)] ?? 100;
  const say = (value: number) => {
    setText(share, percent(value / 100));
    setAttributes(slider, { 'aria-valuetext': `${value} percent` });
  };
  toggle.addEventListener('click', () => void ask(pathOf('endpoints', endpoint, enabled ? 'disable' : 'enable')));
  slider.addEventListener('input', () => {
    held = true;
    say(chosen());
  });
  slider.addEventListener('change', () => {
    void ask(pathOf('endpoints', endpoint, 'rollout'), { percent: chosen() }).then(() => {
      held = false;
    });
  });
  return {
    element: el(
      'li',
      { class: 'row' },
      el('span', { class: 'what member' }, endpointName(endpoint)),
      el('span', { class: 'acts' }, toggle, word, el('span', { class: 'slider' }, slider, share)),
    ),
    update: (flag) => {
      enabled = flag.enabled;
      setAttributes(toggle, { 'aria-checked': String(enabled) });
      setText(word, enabled ? 'replicas' : 'primary');
      if (held) return;
      slider.value = String(stepAt(flag.rollout));
      say(flag.rollout);
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
