import type { Command } from '../command';
import type { ExitCode } from '../exit-codes';
import type { Io } from '../io';
import { CONTRACT_HELP } from '../read-contract';
import { suggest } from '../suggest';
import { UsageError } from '../usage-error';
import { diff } from './diff';
import { print } from './print';
import { validate } from './validate';

const HELP = `readfleet contract: print, validate or compare fleet contracts

Usage: readfleet contract print [options]
       readfleet contract validate <file> ...
       readfleet contract diff <from> <to>

  print      the contract as this release reads it: fields that it knows, in one order, the password hidden
  validate   everything that is wrong with each file, at once
  diff       what is another in the second one, and what that means for apps that are connected; - is stdin

Options of print:
${CONTRACT_HELP}
  --show-password     print the password of a local fleet as well

Options of diff:
  --json              for programs: one JSON document

Exit codes: 0 well (diff: the same), 1 a contract is invalid (diff: they differ), 2 wrong use.
`;

const ACTIONS: Readonly<Record<string, (args: readonly string[], io: Io) => Promise<ExitCode>>> = {
  print,
  validate,
  diff,
};

export const contract: Command = {
  help: HELP,
  async run([name = '', ...args], io) {
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (action) return action(args, io);
    const names = Object.keys(ACTIONS);
    if (name === '') throw new UsageError(`What of it? One of: ${names.join(', ')}`);
    const meant = suggest(name, names);
    throw new UsageError(
      `There is no "contract ${name}".${meant === undefined ? '' : ` Did you mean ${meant}?`} There are: ${names.join(', ')}.`,
    );
  },
};
