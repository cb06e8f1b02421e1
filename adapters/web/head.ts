import { type OutgoingHttpHeader, type ServerResponse, STATUS_CODES } from 'node:http';
import { types } from 'node:util';

type Headers = Readonly<Record<string, OutgoingHttpHeader>> | readonly unknown[];

/** Whether a chunk is one that `write` and `end` take. */
export function isChunk(chunk: unknown): boolean {
  return typeof chunk === 'string' || types.isUint8Array(chunk);
}

/** Its heads have no reason beside their status, and Node warns whoever asks for it. */
export function isHttp2(response: ServerResponse): boolean {
  return 'stream' in response;
}

/** The reason beside the status, where there is one. */
export function reasonOf(response: ServerResponse): string | undefined {
  return isHttp2(response) ? undefined : response.statusMessage;
}

/**
 * Whether Node will take a head of the response's status, or of what `writeHead` was told.
 *
 * @param args those of `writeHead`; none for a head that goes out by itself
 */
export function isHead(response: ServerResponse, args: readonly unknown[]): boolean {
  const { statusCode, statusMessage, headers } = read(args);
  const code = Number(statusCode ?? response.statusCode) | 0;
  if (code < 100 || code > 999) return false;
  if (/[^\t\x20-\x7e\x80-\xff]/.test(statusMessage ?? reasonOf(response) ?? '')) return false;
  return !Array.isArray(headers) || Array.isArray(headers[0]) || headers.length % 2 === 0;
}

/**
 * Does what `writeHead` was told to the response itself, so that headers can still be added beside it.
 *
 * @throws what Node says of a header that is none
 */
export function applyHead(response: ServerResponse, args: readonly unknown[]): void {
  const { statusCode, statusMessage, headers } = read(args);
  const code = Number(statusCode) | 0;
  // As Node does it: a response that was given a reason once keeps it.
  if (!isHttp2(response))
    response.statusMessage = statusMessage ?? (response.statusMessage || (STATUS_CODES[code] ?? 'unknown'));
  response.statusCode = code;
  for (const [name, value] of grouped(headers)) response.setHeader(name, value);
}

function read([statusCode, reason, headers]: readonly unknown[]) {
  const statusMessage = typeof reason === 'string' ? reason : undefined;
  return {
    statusCode,
    statusMessage,
    headers: (headers ?? (statusMessage === undefined ? reason : undefined)) as Headers,
  };
}

/** In the three forms that Node takes; a name that is there several times in a list has several lines. */
function grouped(headers: Headers | undefined): Iterable<[string, OutgoingHttpHeader]> {
  if (!Array.isArray(headers)) {
    return Object.entries((headers ?? {}) as Record<string, OutgoingHttpHeader>).filter(([name]) => name);
  }
  const pairs: [string, OutgoingHttpHeader][] = Array.isArray(headers[0])
    ? (headers as [string, OutgoingHttpHeader][])
    : Array.from({ length: headers.length / 2 }, (_, index) => [headers[2 * index], headers[2 * index + 1]]);
  const lines = new Map<string, [string, OutgoingHttpHeader]>();
  for (const [name, value] of pairs) {
    if (!name) continue;
    const before = lines.get(name.toLowerCase());
    lines.set(name.toLowerCase(), before ? [before[0], [before[1], value].flat().map(String)] : [name, value]);
  }
  return lines.values();
}
