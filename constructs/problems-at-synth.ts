import { type App, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { InvalidConfigError, ReadfleetError } from '../lib/errors';
import { formatProblems, type Problem } from '../lib/problems';

type Check = () => readonly Problem[];

/** Checks of each stack, which run once everything in it is made. */
const checksOf = new WeakMap<TerraformStack, Check[]>();

/**
 * Has `check` run when the stack of `scope` is validated: after every aspect, before anything is written.
 *
 * A stack with problems is refused with `READFLEET_STACK_INVALID`, which tells those of all its checks at once.
 */
export function checkAtSynth(scope: IConstruct, check: Check): void {
  const stack = TerraformStack.of(scope);
  const known = checksOf.get(stack);
  if (known) {
    known.push(check);
    return;
  }
  const checks = [check];
  checksOf.set(stack, checks);
  stack.node.addValidation({
    validate: () => {
      const problems = distinct(checks.flatMap((one) => one()));
      if (problems.length === 0) return [];
      // Thrown, not returned: cdktf would wrap it in a text of its own, and a program could not read the problems.
      throw new InvalidConfigError('READFLEET_STACK_INVALID', formatProblems(stack.node.path, problems), problems);
    },
  });
}

/**
 * Makes `app.synth()` tell the problems of all stacks at once, where cdktf stops at the first stack that is refused.
 *
 * Call it when all stacks are made. Stacks without problems are written, but the app's manifest is not.
 */
export function tellAllStacks(app: App): void {
  const refused: InvalidConfigError[] = [];
  for (const stack of app.node.findAll().filter((node): node is TerraformStack => TerraformStack.isStack(node))) {
    const { synthesizer } = stack;
    stack.synthesizer = {
      synthesize(session) {
        try {
          synthesizer.synthesize(session);
        } catch (error) {
          if (!isInvalidConfig(error)) throw error;
          refused.push(error);
        }
      },
    };
  }
  // cdktf validates the app itself when every stack had its turn.
  app.node.addValidation({
    validate: () => {
      const [first] = refused;
      if (!first) return [];
      const all = refused.splice(0);
      throw new InvalidConfigError(
        first.code,
        all.map(({ message }) => message).join('\n'),
        all.flatMap(({ problems }) => problems),
      );
    },
  });
}

function isInvalidConfig(error: unknown): error is InvalidConfigError {
  return ReadfleetError.is(error) && 'problems' in error;
}

/** Two policies over one resource, from an aspect of the stack and one further down, are one problem. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [
    ...new Map(problems.map((problem) => [`${problem.code} ${problem.path} ${problem.message}`, problem])).values(),
  ];
}
