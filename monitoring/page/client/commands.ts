import { PATHS } from '../../view';
import { detailIn } from './problem';

/** What came of something that was asked of the server. */
export interface Answer {
  readonly done: boolean;
  /** Why not, for people. */
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
    if (response.ok) return { done: true, text: '' };
    const detail = detailIn(await response.text());
    return { done: false, text: `Not done. ${detail ?? `The server answered ${response.status}.`}` };
  } catch {
    // Browsers do not say more than this either.
    return { done: false, text: 'The server cannot be reached. Whether it was done is not known.' };
  }
}
