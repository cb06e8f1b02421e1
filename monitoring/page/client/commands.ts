import { PATHS } from '../../view';

/** What came of something that was asked of the server. */
export interface Answer {
  readonly kind: 'done' | 'refused' | 'failed';
  /** For people. */
  readonly text: string;
}

type Fetch = (
  url: string,
  init: { method: 'POST'; headers: Record<string, string>; body: string },
) => Promise<{ readonly ok: boolean; readonly status: number; text(): Promise<string> }>;

/** Where `path`, one of {@link PATHS}, is for a page at `pagePath`: whatever stands before the page's own path stands before the others. */
export function beside(pagePath: string, path: string): string {
  return pagePath.replace(/\/+$/, '') + path.slice(PATHS.page.length);
}

/** A path of names, of which none can leave its place. */
export function pathOf(...names: readonly string[]): string {
  return names.map(encodeURIComponent).join('/');
}

/** Asks the server to do something; never rejects. @param admin where the switches are @param path below that, of {@link pathOf} */
export async function command(
  fetch: Fetch,
  admin: string,
  token: string | undefined,
  path: string,
  body: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  try {
    const response = await fetch(`${admin}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (response.ok) return { kind: 'done', text: 'Done.' };
    const said = messageIn(await response.text());
    if (response.status === 401 || response.status === 403)
      return { kind: 'refused', text: said ?? 'Refused: that takes an admin token.' };
    return { kind: 'failed', text: said ?? `The server answered ${response.status}.` };
  } catch {
    // Browsers do not say more than this either.
    return { kind: 'failed', text: 'The server cannot be reached: not done, or not known whether.' };
  }
}

function messageIn(text: string): string | undefined {
  try {
    const { error, message } = JSON.parse(text);
    const said = error?.message ?? message ?? error;
    return typeof said === 'string' && said !== '' ? said : undefined;
  } catch {
    // Not the handler: a proxy, in words of its own.
    return undefined;
  }
}
