import { ReadfleetError } from '../../lib/errors';
import type { SumAs } from './definitions';

export interface Sums {
  readonly number: number;
  readonly bigint: bigint;
  readonly text: string;
}

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

/** A sum as PostgreSQL wrote it, or an error where the wanted form would say something else. */
export function sumOf(text: string | null | undefined, as: SumAs): Sums[SumAs] | ReadfleetError {
  // No rows, or NULLs alone.
  const sum = text ?? '0';
  if (as === 'text') return sum;
  if (as === 'bigint') return /^-?\d+$/.test(sum) ? BigInt(sum) : inexact(sum, as, 'as: "text"');
  const number = Number(sum);
  if (Number.isNaN(number) && sum !== 'NaN') return inexact(sum, as, 'as: "text"');
  const rounded = DECIMAL.test(sum) && Math.abs(number) > Number.MAX_SAFE_INTEGER;
  return rounded ? inexact(sum, as, 'as: "bigint" or as: "text"') : number;
}

function inexact(sum: string, as: SumAs, fix: string): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_BATCH_INEXACT',
    `a sum is ${sum}, which cannot be a ${as} without loss. Say ${fix}.`,
  );
}
