import type { TerraformStack } from 'cdktf';
import type { Problem } from '../lib/problems';
import type { Move } from './environment';
import { moveProblems } from './environment/moves';
import { checkAtSynth } from './problems-at-synth';
import { addressOf, resourcesIn } from './resources';

/** What was moved so far, by stack: an override of a list replaces the one before. */
const movesOf = new WeakMap<TerraformStack, Move[]>();

/**
 * Tells Terraform that resources have new logical ids, so that it moves them in its state instead of destroying one and
 * making the other (docs/decisions/0011-logical-ids.md). May be called more than once.
 *
 * cdktf's own `moveTo` and `moveFromId` want the old resource to stay in the code, or to be told by its new one, and run the
 * Terraform program at synth to learn its version.
 *
 * Synth is refused when a new name is not in the stack (`READFLEET_MOVED_TARGET`) or an old one still is (`READFLEET_MOVED_SOURCE`).
 */
export function moved(stack: TerraformStack, moves: readonly Move[]): void {
  const known = movesOf.get(stack);
  const all = known ?? [];
  all.push(...moves);
  if (!known) {
    movesOf.set(stack, all);
    checkAtSynth(stack, () => [...moveProblems(all, 'moved'), ...placeProblems(stack, all)]);
  }
  if (all.length > 0) {
    stack.addOverride(
      'moved',
      all.map(({ from, to }) => ({ from, to })),
    );
  }
}

/** What the stack has, or has not, at the ends of the moves. */
function placeProblems(stack: TerraformStack, moves: readonly Move[]): Problem[] {
  const addresses = new Set(resourcesIn(stack).map(addressOf));
  const has = (address: string) => addresses.has(withoutKey(address));
  return moves.flatMap(({ from, to }, index) => {
    const problems: Problem[] = [];
    if (has(from) && withoutKey(from) !== withoutKey(to)) {
      problems.push({
        code: 'READFLEET_MOVED_SOURCE',
        path: `moved[${index}].from`,
        got: from,
        message: 'The stack still has a resource of this name: Terraform would have two for one.',
        fix: 'Take the move away, or the resource of the old name.',
      });
    }
    // One that is moved on ends where the next move says.
    const passedOn = moves.some((move) => move.from === to);
    if (!has(to) && !passedOn && !to.startsWith('module.')) {
      problems.push({
        code: 'READFLEET_MOVED_TARGET',
        path: `moved[${index}].to`,
        got: to,
        message: 'The stack has no resource of this name: Terraform would move it there, and then destroy it.',
        fix: `Name the new logical id. The stack has: ${ofSameType(addresses, to)}.`,
      });
    }
    return problems;
  });
}

/** Without the key of `count` or `for_each`: `aws_subnet.a["x"]` is of `aws_subnet.a`. */
function withoutKey(address: string): string {
  return address.replace(/\[.*\]$/, '');
}

function ofSameType(addresses: ReadonlySet<string>, address: string): string {
  const type = address.split('.')[0];
  const near = [...addresses].filter((one) => one.startsWith(`${type}.`));
  return near.length > 0 ? near.join(', ') : `no ${type}`;
}
