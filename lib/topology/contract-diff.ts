import type { ContractAuth, ContractMember, FleetContract } from '../contract';
import { InvalidConfigError } from '../errors';
import { formatProblems, type Problem } from '../problems';

const CODE = 'READFLEET_CONTRACT_CHANGED';

/** What a new contract asks of a connected fleet. Members are the same where their names are. */
export interface ContractDiff {
  /** Readers that were no readers before; the former writer may be among them. */
  readonly added: readonly ContractMember[];
  /** Readers that are no members any more. One that is the writer now is told by {@link writer} alone. */
  readonly removed: readonly string[];
  /** Readers that must be connected to anew: host, port or region are others. */
  readonly changed: readonly ContractMember[];
  /** Readers of which only weight, zone or resource id is another. */
  readonly reweighted: readonly ContractMember[];
  /** The writer, when its name, host, port or region is another. It may have been a reader. */
  readonly writer?: ContractMember;
  /** What cannot be taken at run time; then nothing of the rest is to be applied. */
  readonly refused?: readonly Problem[];
}

/** What has to be done to a fleet that was connected with `from`, so that it is one of `to`. */
export function diffContracts(from: FleetContract, to: FleetContract): ContractDiff {
  const before = new Map(from.readers.map((reader) => [reader.name, reader]));
  const now = new Set([to.writer.name, ...to.readers.map(({ name }) => name)]);
  const added: ContractMember[] = [];
  const changed: ContractMember[] = [];
  const reweighted: ContractMember[] = [];
  for (const reader of to.readers) {
    const was = before.get(reader.name);
    if (!was) added.push(reader);
    else if (isElsewhere(was, reader)) changed.push(reader);
    else if (isOtherwise(was, reader)) reweighted.push(reader);
  }
  const refused = refusals(from, to);
  return {
    added,
    removed: from.readers.map(({ name }) => name).filter((name) => !now.has(name)),
    changed,
    reweighted,
    ...((from.writer.name !== to.writer.name || isElsewhere(from.writer, to.writer)) && { writer: to.writer }),
    ...(refused.length > 0 && { refused }),
  };
}

/**
 * The error for a contract that was refused, or undefined when it was not.
 *
 * @param source where the contract came from, for the message
 */
export function refusalError(
  { refused }: ContractDiff,
  source = 'the new fleet contract',
): InvalidConfigError | undefined {
  return refused && new InvalidConfigError(CODE, formatProblems(source, refused), refused);
}

/** The region is part of it: tokens are signed for it. */
function isElsewhere(was: ContractMember, is: ContractMember): boolean {
  return was.host !== is.host || was.port !== is.port || was.region !== is.region;
}

function isOtherwise(was: ContractMember, is: ContractMember): boolean {
  return (was.weight ?? 1) !== (is.weight ?? 1) || was.zone !== is.zone || was.resourceId !== is.resourceId;
}

function refusals(from: FleetContract, to: FleetContract): Problem[] {
  const problems: Problem[] = [];
  const check = (path: string, was: string | undefined, is: string | undefined) => {
    if (was !== is) problems.push(problem(path, is, `It was ${was === undefined ? 'nothing' : JSON.stringify(was)}.`));
  };
  check('fleet', from.fleet, to.fleet);
  check('environment', from.environment, to.environment);
  check('topology', from.topology, to.topology);
  check('database', from.database, to.database);
  check('tls', from.tls, to.tls);
  check('auth.kind', from.auth.kind, to.auth.kind);
  if (from.auth.kind === to.auth.kind) {
    check('auth.user', userOf(from.auth), userOf(to.auth));
    check('auth.secretArn', secretOf(from.auth), secretOf(to.auth));
    if (passwordOf(from.auth) !== passwordOf(to.auth)) {
      problems.push(problem('auth.password', '(hidden)', 'It was another.'));
    }
  }
  return problems;
}

function problem(path: string, got: unknown, was: string): Problem {
  return {
    code: CODE,
    path,
    got,
    message: `${was} A connected fleet keeps it: it decides whom every open connection was made to, and as whom.`,
    fix: 'Close the fleet and connect() with the new contract, or put the old value back.',
  };
}

function userOf(auth: ContractAuth): string | undefined {
  return auth.kind === 'secret' ? undefined : auth.user;
}

function secretOf(auth: ContractAuth): string | undefined {
  return auth.kind === 'secret' ? auth.secretArn : undefined;
}

function passwordOf(auth: ContractAuth): string | undefined {
  return auth.kind === 'password' ? auth.password : undefined;
}
