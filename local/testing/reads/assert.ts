import { AssertionError } from 'node:assert';
import type { Recorded } from './matchers';
import { recordingOf } from './recording';
import { readFrom, readOnlyFrom, type Verdict, written } from './verdict';
import type { Where } from './where';

/** At least one read was answered there. @throws AssertionError; ReadfleetError `READFLEET_LOCAL_NO_MEMBER` for a name that no member has */
export function assertReadFrom(recorded: Recorded, where: Where): void {
  demand(readFrom(recordingOf(recorded), where), true, assertReadFrom);
}

/** There was a read, and all were answered there. @throws AssertionError; ReadfleetError `READFLEET_LOCAL_NO_MEMBER` for a name that no member has */
export function assertReadOnlyFrom(recorded: Recorded, where: Where): void {
  demand(readOnlyFrom(recordingOf(recorded), where), true, assertReadOnlyFrom);
}

/** No read was answered there; also when there was none. @throws AssertionError; ReadfleetError `READFLEET_LOCAL_NO_MEMBER` for a name that no member has */
export function assertNotReadFrom(recorded: Recorded, where: Where): void {
  demand(readFrom(recordingOf(recorded), where), false, assertNotReadFrom);
}

/** Something was sent to the primary that may write. @throws AssertionError */
export function assertWritten(recorded: Recorded): void {
  demand(written(recordingOf(recorded)), true, assertWritten);
}

/** Nothing was sent to the primary that may write. @throws AssertionError */
export function assertNotWritten(recorded: Recorded): void {
  demand(written(recordingOf(recorded)), false, assertNotWritten);
}

/** @param stackStartFn the assertion, so that the stack begins at the test's line */
function demand({ pass, message }: Verdict, wanted: boolean, stackStartFn: (...given: never[]) => void): void {
  if (pass !== wanted) throw new AssertionError({ message, operator: stackStartFn.name, stackStartFn });
}
