import { randomBytes } from 'node:crypto';

/** Tokens that nobody has seen before. */
export const TOKEN = randomBytes(24).toString('base64');
export const ADMIN = randomBytes(24).toString('base64');

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** A request as a reader sends it. */
export const asReader: RequestInit = { headers: bearer(TOKEN) };

/** An order as somebody with the admin token sends it. */
export function order(body?: unknown, token: string = ADMIN): RequestInit {
  if (body === undefined) return { method: 'POST', headers: bearer(token) };
  return {
    method: 'POST',
    headers: { ...bearer(token), 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}
