import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { WebSessionSettings } from './options';

type Carried = Pick<WebSessionSettings, 'cookie' | 'header'>;

/** Stands for a token that could not be had: who brings it sees all that was committed when he came. */
export const NOW = 'now';

/**
 * What a request brought, the header's first: a client that sends one has chosen it, and cookies come by themselves. A cookie may be there several
 * times, of several paths or domains.
 */
export function broughtBy(request: IncomingMessage, { cookie, header }: Carried): readonly string[] {
  const inHeader = header === undefined ? undefined : request.headers[header];
  if (inHeader !== undefined) return [String(inHeader)];
  return cookie === undefined ? [] : cookiesNamed(cookie.name, request.headers.cookie);
}

/** Puts a token into the head of a response, beside what the app put there. */
export function handOn(
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
  { cookie, header }: Carried,
): void {
  if (header !== undefined) response.setHeader(header, token);
  if (cookie !== undefined) {
    const others = response.getHeader('set-cookie');
    const ours = cookieText(token, cookie, cameSecurely(request));
    response.setHeader('set-cookie', others === undefined ? ours : [...[others].flat().map(String), ours]);
  }
  response.setHeader('cache-control', forOneClient(response.getHeader('cache-control')));
}

/** The values of a cookie in the text of a `Cookie` header. */
export function cookiesNamed(name: string, text: string | undefined): string[] {
  if (!text?.includes(name)) return [];
  return text
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

function cookieText(token: string, cookie: NonNullable<Carried['cookie']>, overTls: boolean): string {
  const { name, maxAgeSeconds, path, domain, sameSite, secure } = cookie;
  const parts = [`${name}=${token}`, `Max-Age=${maxAgeSeconds}`, `Path=${path}`];
  if (domain !== undefined) parts.push(`Domain=${domain}`);
  parts.push('HttpOnly', `SameSite=${sameSite[0]?.toUpperCase()}${sameSite.slice(1)}`);
  // Without it browsers drop one that goes to other sites.
  if (secure === true || (secure === 'auto' && (overTls || sameSite === 'none'))) parts.push('Secure');
  return parts.join('; ');
}

function cameSecurely({ socket, headers }: IncomingMessage): boolean {
  if ((socket as TLSSocket | null)?.encrypted === true) return true;
  // Of several proxies the first is the one that the client spoke to.
  const [first = ''] = String(headers['x-forwarded-proto'] ?? '').split(',');
  return first.trim().toLowerCase() === 'https';
}

/**
 * `Cache-Control` of a response with a token: a cache that many share would hand one client's token to all others, and theirs would be gone.
 *
 * Whether the client itself may keep the response is left as the app said.
 */
export function forOneClient(cacheControl: number | string | readonly string[] | undefined): string {
  const directives = [cacheControl ?? []]
    .flat()
    .flatMap((line) => splitDirectives(String(line)))
    .filter((directive) => !/^(public|s-maxage\b.*|private\b.*)$/i.test(directive));
  return ['private', ...directives].join(', ');
}

/** At commas, but not at those within quotes: `no-cache="a, b"`. */
function splitDirectives(line: string): string[] {
  return (line.match(/(?:[^,"]|"[^"]*"?)+/g) ?? []).map((directive) => directive.trim()).filter((text) => text !== '');
}
