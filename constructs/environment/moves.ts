import type { Problem } from '../../lib/problems';
import type { Move } from './types';

/**
 * What is wrong with a list of moves by itself, whatever the stack has.
 *
 * A chain (`a` to `b`, `b` to `c`) is right: Terraform follows it, whichever of the names a state has. Terraform refuses the
 * rest as well, but only once it reads a state.
 *
 * @param path of the list, e.g. `moved`
 */
export function moveProblems(moves: readonly Move[], path: string): Problem[] {
  return moves.flatMap(({ from, to }, index) => {
    const at = (key: keyof Move) => `${path}[${index}].${key}`;
    const earlier = moves.slice(0, index);
    if (from === to) {
      return [
        {
          code: 'READFLEET_MOVED_NOWHERE',
          path: at('to'),
          got: to,
          message: 'The resource would move to where it is.',
          fix: 'Name its new logical id, or take the move away.',
        },
      ];
    }
    const problems: Problem[] = [];
    if (earlier.some((move) => move.from === from)) {
      problems.push({
        code: 'READFLEET_MOVED_TWICE',
        path: at('from'),
        got: from,
        message: 'Another move begins here: a resource cannot go two ways.',
        fix: 'Keep the one that is right.',
      });
    }
    if (earlier.some((move) => move.to === to)) {
      problems.push({
        code: 'READFLEET_MOVED_TWICE',
        path: at('to'),
        got: to,
        message: 'Another move ends here: two resources cannot become one.',
        fix: 'Give one of them another name.',
      });
    }
    // Told once, at the move that closes it.
    if (leadsTo(earlier, to, from)) {
      problems.push({
        code: 'READFLEET_MOVED_IN_A_CIRCLE',
        path: at('to'),
        got: to,
        message: `The moves lead from ${from} back to ${from}.`,
        fix: 'To swap two names, move one of them out of the way in a deployment of its own.',
      });
    }
    return problems;
  });
}

/** Whether moves lead from one address to another. */
function leadsTo(moves: readonly Move[], from: string, to: string): boolean {
  const visited = new Set<string>();
  for (let at: string | undefined = from; at !== undefined && !visited.has(at); ) {
    if (at === to) return true;
    visited.add(at);
    const here: string = at;
    at = moves.find((move) => move.from === here)?.to;
  }
  return false;
}
