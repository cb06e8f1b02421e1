import { type AlarmSpec, above, below } from './alarm';
import { pieces } from './amount';
import { errors, failedInvocations, invocations, samples, visibleMessages } from './metrics';
import type { WatchedEmitter, WatchedFleet } from './watched';

const NONE = pieces(0);
const ONE = pieces(1);
/** Later than silence is noticed: then the letters are part of what was told already (see `emitter-dropped`). */
const LEFT_BEHIND = { breaching: 5, of: 5 };

/** Names of the alarms that say that nothing is measured, within the fleet. */
export const EMITTER_ERRORS = 'emitter-errors';
export const EMITTER_IDLE = 'emitter-idle';
export const EMITTER_QUIET = 'emitter-quiet';
export const EMITTER_DEAD_LETTERS = 'emitter-dead-letters';
export const EMITTER_NOT_CALLED = 'emitter-not-called';

/** The alarms of the function that measures: when it is silent, nobody else says so. */
export function emitterAlarms(fleet: WatchedFleet, emitter: WatchedEmitter): readonly AlarmSpec[] {
  const { deadLetterQueueName, functionName, ruleName } = emitter;
  return [
    {
      name: EMITTER_ERRORS,
      condition: above(errors(functionName), NONE),
      points: { breaching: 3, of: 5 },
      missing: 'notBreaching',
      meaning:
        'The function that measures lag fails. A member that does not answer is no failure of it: settings, code or time are.',
      first: `the log of ${functionName}.`,
      feeds: 'reads-degraded',
    },
    {
      name: EMITTER_IDLE,
      condition: below(invocations(functionName), ONE),
      points: { breaching: 3, of: 3 },
      missing: 'breaching',
      meaning: 'The function that measures lag is not called.',
      first: `whether the rule ${ruleName} is enabled, and whether the account is out of concurrent executions.`,
      feeds: 'reads-degraded',
    },
    {
      name: EMITTER_QUIET,
      condition: below(samples(fleet, fleet.members.writer.name), ONE),
      // Any one of three minutes: it goes off before the members' own health alarms, which need them all, and it is over after them.
      // So nobody is told that every reader is gone when it is only that nobody looks.
      points: { breaching: 1, of: 3 },
      missing: 'breaching',
      meaning:
        'No measurement arrives. Until one does, health and lag of the members are unknown, and their alarms say nothing.',
      first: `the log of ${functionName}.`,
      feeds: 'reads-degraded',
    },
    {
      name: EMITTER_DEAD_LETTERS,
      condition: above(visibleMessages(deadLetterQueueName), NONE),
      points: LEFT_BEHIND,
      // An empty queue stops reporting after some hours.
      missing: 'notBreaching',
      meaning:
        'Invocations of the function that measures lag failed for good. The alarm is over when their letters are gone.',
      first: `a letter of ${deadLetterQueueName}: it says why. Then purge the queue.`,
      feeds: 'emitter-dropped',
    },
    {
      name: EMITTER_NOT_CALLED,
      condition: above(failedInvocations(ruleName), NONE),
      points: LEFT_BEHIND,
      missing: 'notBreaching',
      meaning: 'EventBridge could not call the function that measures lag.',
      first: `the permission of ${ruleName} to call ${functionName}.`,
      feeds: 'emitter-dropped',
    },
  ];
}
