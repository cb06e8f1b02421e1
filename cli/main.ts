import { messageOf, ReadfleetError } from '../lib/errors';
import { COMMANDS } from './commands';
import { EXIT, type ExitCode } from './exit-codes';
import { Interrupted, type Io } from './io';
import { suggest } from './suggest';
import { UsageError } from './usage-error';
import { version } from './version';

const HELP = `readfleet: PostgreSQL read replicas, seen from a terminal

Usage: readfleet <command> [options]

Commands:
${COMMANDS.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}

  readfleet <command> --help tells a command's options.

Which fleet:
  --contract <file>   its contract, - for stdin
                      (default: READFLEET_CONTRACT, a file or the JSON itself; else .readfleet/fleet.json,
                      which npm start writes)

Exit codes: 0 well, 1 something is not well, 2 wrong use, 3 cannot be found out (nobody can be reached).

Docs: docs/cli.md
`;

/**
 * `readfleet …`.
 *
 * @param args what stands behind it
 */
export async function main(args: readonly string[], io: Io): Promise<ExitCode> {
  const [name = '', ...rest] = args;
  try {
    return await dispatch(name, rest, io);
  } catch (error) {
    return tell(error, name, io);
  }
}

async function dispatch(name: string, args: readonly string[], io: Io): Promise<ExitCode> {
  if (name === '--version' || name === '-V') {
    io.out(version());
    return EXIT.well;
  }
  if (name === '--help' || name === '-h' || (name === 'help' && args.length === 0)) {
    io.out(HELP);
    return EXIT.well;
  }
  if (name === '') {
    io.err(HELP);
    return EXIT.usage;
  }
  if (name === 'help') return dispatch(args[0] ?? '', ['--help'], io);
  const entry = COMMANDS.find((command) => command.name === name);
  if (!entry) throw new UsageError(unknownCommand(name));
  const command = entry.load();
  if (asksForHelp(args)) {
    io.out(command.help);
    return EXIT.well;
  }
  return command.run(args, io);
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

function unknownCommand(name: string): string {
  if (name.startsWith('-')) return `A command comes first, got: ${name}`;
  const names = COMMANDS.map((command) => command.name);
  const meant = suggest(name, names);
  return `There is no command ${JSON.stringify(name)}.${meant === undefined ? '' : ` Did you mean ${meant}?`} There are: ${names.join(', ')}.`;
}

/** What a fleet that cannot be reached says; every other error of ours is of what was asked. */
const UNREACHABLE = new Set(['READFLEET_NO_MEMBER', 'READFLEET_CLI_NO_ANSWER']);

function tell(error: unknown, name: string, io: Io): ExitCode {
  if (error instanceof Interrupted) return isPipeClosed(io.signal.reason) ? EXIT.well : EXIT.interrupted;
  if (io.env.READFLEET_DEBUG) io.err((error as Error)?.stack ?? String(error));
  if (error instanceof UsageError) {
    const isCommand = COMMANDS.some((command) => command.name === name);
    io.err(`${error.message}\nSee: readfleet ${isCommand ? `${name} ` : ''}--help`);
    return EXIT.usage;
  }
  if (ReadfleetError.is(error)) {
    io.err(messageOf(error));
    return UNREACHABLE.has(error.code) ? EXIT.unknown : EXIT.usage;
  }
  io.err(`readfleet: this should not have happened: ${messageOf(error)}. READFLEET_DEBUG=1 tells where.`);
  return EXIT.unknown;
}

/** Who read the output has seen enough. */
function isPipeClosed(reason: unknown): boolean {
  return (reason as NodeJS.ErrnoException | undefined)?.code === 'EPIPE';
}
