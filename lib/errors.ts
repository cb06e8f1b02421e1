import type { Problem } from './problems';

/** Marks our errors across two copies of the package in one process, where `instanceof` fails. */
const BRAND: unique symbol = Symbol.for('readfleet.error') as never;

/** Why a member was not asked, as told in {@link Trace}. */
export interface PassedOver {
  readonly member: string;
  readonly reason: string;
}

/** One try of a statement on one member. */
export interface Attempt {
  readonly member: string;
  readonly error: string;
}

/** How a statement came to its end: who was tried, who was passed over, and why. */
export interface Trace {
  readonly attempts: readonly Attempt[];
  readonly passedOver: readonly PassedOver[];
}

/** What an error may come with. */
export interface ReadfleetErrorOptions {
  readonly cause?: unknown;
  readonly trace?: Trace;
}

/**
 * The root of every error that readfleet itself raises. Errors of PostgreSQL reach the caller as `pg` made them.
 *
 * `code` is stable across releases: branch on it, not on the message.
 */
export class ReadfleetError extends Error {
  readonly code: string;
  /** Which members were considered, when the error came from routing. */
  readonly trace: Trace | undefined;

  constructor(code: string, message: string, options: ReadfleetErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.trace = options.trace;
  }

  /** Not a field of each error: those are printed with it. */
  get [BRAND](): true {
    return true;
  }

  /** Whether `value` is an error of readfleet, of this or another copy of the package. */
  static is(value: unknown): value is ReadfleetError {
    return typeof value === 'object' && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
  }
}

/** A document (environment, contract, options) that was refused, with everything that is wrong with it. */
export class InvalidConfigError extends ReadfleetError {
  readonly problems: readonly Problem[];

  constructor(code: string, message: string, problems: readonly Problem[]) {
    super(code, message);
    this.problems = problems;
  }
}

/**
 * An error's message, also of the errors that hide theirs in a list (one per address of a host).
 *
 * By shape, not by class: an error that crossed a realm is an instance of another `Error`.
 */
export function messageOf(error: unknown): string {
  const { errors, message } = (error ?? {}) as { errors?: unknown; message?: unknown };
  if (Array.isArray(errors) && errors.length > 0) return messageOf(errors[0]);
  return typeof message === 'string' ? message : String(error);
}
