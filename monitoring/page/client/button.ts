import { el, setText } from './dom';

/** What a button does. */
export interface Doing {
  readonly label: string;
  /** What it is done to, for who hears the button without seeing what it stands by, e.g. `blue`. */
  readonly to?: string;
  /** Asked once, in place, before it is done: a question. Read when the button is pressed. */
  readonly ask?: () => string;
  readonly help?: string;
  run(): Promise<void>;
}

/** A button that, where there is something to lose, asks in its own place. */
export function button({ label, to, ask, help, run }: Doing) {
  const place = el('span', { class: 'doing' });
  const press = el('button', { type: 'button', class: ask ? 'button careful' : 'button', title: help }, label);
  if (to) press.append(el('span', { class: 'hidden' }, ` ${to}`));
  place.append(press);
  let under = false;

  const go = async () => {
    if (under) return;
    under = true;
    press.setAttribute('aria-disabled', 'true');
    try {
      await run();
    } finally {
      under = false;
      press.removeAttribute('aria-disabled');
    }
  };
  press.addEventListener('click', () => {
    if (under) return;
    if (ask) question(place, press, ask(), label, go);
    else void go();
  });
  return { element: place, press, rename: (text: string) => press.firstChild && setText(press.firstChild, text) };
}

/** Takes the button's place until it is answered. The focus goes to the answer that changes nothing, and then back. */
function question(place: Element, press: HTMLElement, text: string, label: string, go: () => Promise<void>): void {
  const words = el('span', {}, text);
  const yes = el('button', { type: 'button', class: 'button sure' }, label);
  const no = el('button', { type: 'button', class: 'button' }, 'Cancel');
  const group = el('span', { class: 'question', role: 'group', 'aria-label': text }, words, yes, no);
  const close = () => {
    group.replaceWith(press);
    press.focus();
  };
  yes.addEventListener('click', () => {
    close();
    void go();
  });
  no.addEventListener('click', close);
  group.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  });
  place.replaceChildren(group);
  no.focus();
}
