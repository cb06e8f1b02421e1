import { type Attempt, type PassedOver, ReadfleetError } from '../errors';

/** The error of a read that nobody could serve. */
export function noMember(
  attempts: readonly Attempt[],
  passedOver: readonly PassedOver[],
  cause: unknown,
): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_NO_MEMBER',
    `no member of the fleet could serve the read. ${told(attempts, passedOver)}`,
    { cause, trace: { attempts, passedOver: others(attempts, passedOver) } },
  );
}

/** The error of a read that others could serve, but too many are tried again already. */
export function retriesSpent(attempts: readonly Attempt[], cause: unknown): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_RETRIES_SPENT',
    `a read was not tried again: more reads fail than may be repeated (see \`retries\`), and repeating all of them would burden the members that are left. ` +
      told(attempts, []),
    { cause, trace: { attempts, passedOver: [] } },
  );
}

/** Who was asked and who was not, in one line. */
export function told(attempts: readonly Attempt[], passedOver: readonly PassedOver[]): string {
  return [
    ...attempts.map(({ member, error }) => `${member} was asked: ${error}`),
    ...others(attempts, passedOver).map(({ member, reason }) => `${member} was passed over: ${reason}`),
  ].join('; ');
}

/** Whoever was asked is told of as that alone. */
function others(attempts: readonly Attempt[], passedOver: readonly PassedOver[]): readonly PassedOver[] {
  return passedOver.filter(({ member }) => !attempts.some((attempt) => attempt.member === member));
}
