import type { ServerResponse } from 'node:http';
import { isHttp2 } from './head';

/** How a response is made to look, and to look again as it is. */
export interface Pretence {
  /** It looks ended too. */
  markEnded(): void;
  undo(): void;
}

/**
 * Makes a response look as if its head were out, to the app and to the middlewares of others, which ask `headersSent` or, many of them, `_header`.
 *
 * With `_header` set Node itself refuses to set a header, with the error that everybody knows. HTTP/2 has no such field: there the refusal is ours.
 */
export function pretendSent(response: ServerResponse): Pretence {
  const shadowed: string[] = [];
  const shadow = (name: string, descriptor: PropertyDescriptor) => {
    Object.defineProperty(response, name, { ...descriptor, configurable: true });
    shadowed.push(name);
  };
  const fields = response as unknown as { _header: string | null };
  const hasField = !isHttp2(response);
  if (hasField) fields._header = 'held until the token of its session is there';
  else {
    shadow('headersSent', { get: () => true });
    shadow('_header', { get: () => true });
    for (const name of ['setHeader', 'appendHeader', 'removeHeader']) shadow(name, { value: refuse });
  }
  return {
    markEnded: () => {
      if (!shadowed.includes('writableEnded')) shadow('writableEnded', { get: () => true });
    },
    undo: () => {
      if (hasField) fields._header = null;
      for (const name of shadowed) Reflect.deleteProperty(response, name);
    },
  };
}

function refuse(): never {
  throw Object.assign(new Error('Response has already been initiated.'), { code: 'ERR_HTTP2_HEADERS_SENT' });
}
