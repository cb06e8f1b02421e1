import type { Fleet } from '../../../lib/fleet';
import { type Recording, recordingOf } from './recording';
import { readFrom, readOnlyFrom, type Verdict, written } from './verdict';
import type { Where } from './where';

/** What matchers take: a fleet that is recorded, or a recording. */
export type Recorded = Fleet | Recording;

/** What a matcher returns, to Jest and to Vitest. */
interface MatcherResult {
  readonly pass: boolean;
  message(): string;
}

/** For `expect.extend(readMatchers)`, of Jest or Vitest, in a setup file. */
export const readMatchers = {
  toHaveReadFrom: (received: unknown, where: Where) => result(readFrom(recordingOf(received), where)),
  toHaveReadOnlyFrom: (received: unknown, where: Where) => result(readOnlyFrom(recordingOf(received), where)),
  toHaveWritten: (received: unknown) => result(written(recordingOf(received))),
};

function result({ pass, message }: Verdict): MatcherResult {
  return { pass, message: () => message };
}

/** The matchers as TypeScript sees them: for a declaration of your own where `expect` comes from `@jest/globals`. */
export interface ReadMatchers<R> {
  /** At least one read was answered by a `replica`, by the `primary`, or by the member of that name. A name that no member has is an error. */
  toHaveReadFrom(where: Where): R;
  /** There was a read, and all were answered there. */
  toHaveReadOnlyFrom(where: Where): R;
  /** Something was sent to the primary that may write. */
  toHaveWritten(): R;
}

declare global {
  // Jest's own, and what Vitest takes its matchers from too. It is there without either.
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: as they are written there
    interface Matchers<R, T = {}> extends ReadMatchers<R> {}
  }
}
