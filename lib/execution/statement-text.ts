import type { QueryConfig } from 'pg';
import { ReadfleetError } from '../errors';

/** @throws ReadfleetError `READFLEET_STATEMENT_INVALID` where types were not heeded: `pg` would wait for such a statement for ever */
export function textOf(statement: string | QueryConfig): string {
  const text = typeof statement === 'string' ? statement : statement?.text;
  if (typeof text === 'string') return text;
  throw new ReadfleetError(
    'READFLEET_STATEMENT_INVALID',
    `a statement is a text, or an object with the property text, got: ${statement === null ? 'null' : typeof statement}.`,
  );
}
