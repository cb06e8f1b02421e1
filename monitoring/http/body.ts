import { type Ask, header } from './exchange';
import { HttpProblem } from './problem';

/** Bytes that a body may have. */
export const MOST_BYTES = 16 * 1024;

/**
 * The object that a request brings; an empty one when it brings nothing.
 *
 * @param takes   names of its members
 * @param typed   whether it must say that it is JSON, even when it is empty
 * @throws HttpProblem 400, 413, 415, 422
 */
export async function readObject(
  ask: Ask,
  takes: readonly string[],
  typed: boolean,
): Promise<Readonly<Record<string, unknown>>> {
  const isJson = /^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(header(ask, 'content-type') ?? '');
  if (typed && !isJson) throw notJson(ask);
  const body = await ask.body(MOST_BYTES);
  if ('text' in body && body.text === '') return {};
  if (!isJson) throw notJson(ask);
  const value = 'parsed' in body ? body.parsed : parse(body.text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HttpProblem(422, 'READFLEET_HTTP_BODY', 'The body must be a JSON object.');
  }
  const others = Object.keys(value).filter((key) => !takes.includes(key));
  if (others.length === 0) return value as Record<string, unknown>;
  throw new HttpProblem(
    422,
    'READFLEET_HTTP_BODY',
    `The body must not have: ${others.join(', ')}. It takes: ${takes.join(', ') || 'nothing'}.`,
  );
}

export function tooLarge(limit: number): HttpProblem {
  return new HttpProblem(413, 'READFLEET_HTTP_TOO_LARGE', `The body must not have more than ${limit} bytes.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HttpProblem(400, 'READFLEET_HTTP_JSON', `The body is no JSON: ${(error as Error).message}`);
  }
}

function notJson(ask: Ask): HttpProblem {
  const got = header(ask, 'content-type');
  return new HttpProblem(
    415,
    'READFLEET_HTTP_TYPE',
    `Send JSON, with the header Content-Type: application/json${got === undefined ? '' : `; got: ${got}`}.`,
  );
}
