import { ReadfleetError } from '../../lib/errors';

/** What is wrong with a cursor: `text` is no cursor at all, `ordering` was made by another keyset, `signature` was changed or signed by another secret. */
export type CursorProblem = 'text' | 'length' | 'version' | 'signature' | 'ordering' | 'values';

/**
 * What a client asked for cannot be had: `READFLEET_CURSOR_INVALID`, `READFLEET_PAGE_INVALID`. The message may be shown to the client; it holds nothing
 * of the secret, nor of what the cursor said.
 */
export class PageRequestError extends ReadfleetError {
  /** For an HTTP answer. */
  readonly status = 400;
  /** Of a cursor: what is wrong with it. */
  readonly problem: CursorProblem | undefined;

  constructor(code: string, message: string, problem?: CursorProblem) {
    super(code, message);
    this.problem = problem;
  }
}

/** @param what ends the sentence "the cursor cannot be used: …" */
export function cursorError(problem: CursorProblem, what: string): PageRequestError {
  return new PageRequestError(
    'READFLEET_CURSOR_INVALID',
    `the cursor cannot be used: ${what}. Use a cursor as it was given, or begin again without one.`,
    problem,
  );
}
