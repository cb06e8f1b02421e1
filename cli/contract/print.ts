import type { FleetContract } from '../../lib/contract';
import { readArgs } from '../args';
import { EXIT, type ExitCode } from '../exit-codes';
import type { Io } from '../io';
import { readContract } from '../read-contract';

export async function print(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values } = readArgs(args, { contract: { type: 'string' }, 'show-password': { type: 'boolean' } });
  const { contract } = await readContract(values.contract, io);
  io.out(JSON.stringify(values['show-password'] ? contract : withoutPassword(contract), undefined, 2));
  return EXIT.well;
}

function withoutPassword(contract: FleetContract): FleetContract {
  const { auth } = contract;
  return auth.kind === 'password' ? { ...contract, auth: { ...auth, password: '(hidden)' } } : contract;
}
