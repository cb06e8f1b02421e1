import { ReadfleetError } from '../../lib/errors';
import { readArgs } from '../args';
import { EXIT, type ExitCode } from '../exit-codes';
import type { Io } from '../io';
import { fromFile } from '../read-contract';
import { countText } from '../units';
import { UsageError } from '../usage-error';

/** As many files as one likes: none may hide what is wrong with the next. */
const MANY = Array.from({ length: 1_000 }, () => 'file');
/** What says that a contract is none; that a file cannot be read says nothing of what is in it. */
const INVALID = new Set(['READFLEET_CONTRACT_INVALID', 'READFLEET_CONTRACT_VERSION']);

export async function validate(args: readonly string[], io: Io): Promise<ExitCode> {
  const { positionals } = readArgs(args, {}, MANY);
  if (positionals.length === 0) throw new UsageError('Which contract? Name a file, or - for stdin.');
  let code: ExitCode = EXIT.well;
  for (const file of positionals) {
    try {
      const { contract } = await fromFile(file, io);
      const { fleet, environment, engine, readers } = contract;
      io.out(
        `${file}: valid: fleet ${fleet}/${environment}, PostgreSQL ${engine.major}, ${countText(readers.length, 'replica')}`,
      );
    } catch (error) {
      if (!ReadfleetError.is(error) || !INVALID.has(error.code)) throw error;
      io.err(error.message);
      code = EXIT.notWell;
    }
  }
  return code;
}
