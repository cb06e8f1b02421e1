import type { Problem } from '../../lib/problems';

/** Why a value does not go to RDS: a problem that has yet to learn where it stands. */
export type Refusal = Pick<Problem, 'code' | 'message' | 'fix'>;

export interface Refused {
  readonly refused: Refusal;
}

/** A value as RDS takes it, or why there is none. */
export type Outcome = { readonly value: string } | Refused;

export function refused(code: string, message: string, fix: string): Refused {
  return { refused: { code, message, fix } };
}

export function wrongType(expected: string): Refused {
  return refused('READFLEET_PARAMETER_TYPE', 'It is of the wrong kind.', `Write ${expected}.`);
}
