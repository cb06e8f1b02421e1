import { el, setText } from './dom';

/** Under what the token is kept, where that was asked for: until the tab is closed. */
const KEPT = 'readfleet.token';

export function keptToken(storage: Storage): string | undefined {
  return storage.getItem(KEPT) ?? undefined;
}

/** Asks for the token. It is never in an address, and kept only when that is asked for. */
export function tokenView(parent: Element, storage: Storage, use: (token: string) => void) {
  const input = el('input', {
    type: 'password',
    id: 'token-input',
    autocomplete: 'off',
    spellcheck: 'false',
    required: true,
  });
  const keep = el('input', { type: 'checkbox', id: 'token-keep' });
  const why = el('p', { id: 'token-why', role: 'alert' });
  const cancel = el('button', { type: 'button', class: 'button', hidden: true }, 'Cancel');
  const form = el(
    'form',
    { class: 'token', 'aria-labelledby': 'token-title', hidden: true },
    el('h2', { id: 'token-title' }, 'Token needed'),
    why,
    el('label', { for: 'token-input' }, 'Token'),
    input,
    el('p', { class: 'keep' }, keep, el('label', { for: 'token-keep' }, 'Keep it until this tab is closed')),
    el('p', { class: 'acts' }, el('button', { type: 'submit', class: 'button sure' }, 'Connect'), cancel),
  );
  parent.append(form);
  const close = () => {
    form.hidden = true;
    input.value = '';
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const token = input.value.trim();
    if (token === '') return;
    if (keep.checked) storage.setItem(KEPT, token);
    else storage.removeItem(KEPT);
    close();
    use(token);
  });
  cancel.addEventListener('click', close);
  return {
    close,
    /** @param optional whether there is something to go back to */
    open(reason: string, optional: boolean): void {
      form.hidden = false;
      cancel.hidden = !optional;
      setText(why, reason);
      input.focus();
    },
  };
}
