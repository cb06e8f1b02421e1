import { messageOf, ReadfleetError } from '../../lib/errors';
import type { Headers, TextAnswer } from './exchange';

/** An error as RFC 9457 has it. */
export interface ProblemBody {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Stable: branch on it. */
  readonly code: string;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};

/** An answer that is an error. */
export class HttpProblem extends ReadfleetError {
  constructor(
    readonly status: number,
    code: string,
    message: string,
    readonly headers: Headers = {},
  ) {
    super(code, message);
  }
}

/** Of errors of the library: what they mean to whoever asked. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  READFLEET_NO_SUCH_MEMBER: 404,
  READFLEET_OPTIONS_INVALID: 422,
  READFLEET_CLOSED: 503,
};

export function problemAnswer(error: unknown): TextAnswer {
  const { status, code, headers } = kindOf(error);
  const body: ProblemBody = { title: TITLES[status] ?? 'Error', status, detail: messageOf(error), code };
  return {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json; charset=utf-8' },
    body: JSON.stringify(body),
  };
}

function kindOf(error: unknown): { status: number; code: string; headers: Headers } {
  if (error instanceof HttpProblem) return error;
  if (ReadfleetError.is(error)) return { status: STATUS_OF_CODE[error.code] ?? 500, code: error.code, headers: {} };
  return { status: 500, code: 'READFLEET_HTTP_FAILED', headers: {} };
}

/** @param path as it was asked for */
export function nothingThere(path: string): HttpProblem {
  return new HttpProblem(404, 'READFLEET_HTTP_NOT_FOUND', `There is nothing at ${path}.`);
}
