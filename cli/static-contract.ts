import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type FleetContract, parseContract } from '../lib/contract';
import { ReadfleetError } from '../lib/errors';
import type { Io } from './io';
import { readContract } from './read-contract';
import { UsageError } from './usage-error';

/** Options of commands that ask no server, and so need no fleet that runs. */
export const STATIC_OPTIONS = {
  contract: { type: 'string' },
  environment: { type: 'string' },
  'cdktf-out': { type: 'string' },
} as const;

export const STATIC_HELP = `  --environment <name>
                      instead of a contract: an environment that was synthesised (npm run synth, cdktf synth)
  --cdktf-out <folder>
                      where it was synthesised to (default: cdktf.out)`;

/** A contract that need not be deployed: hosts of a stack are known afterwards only. */
export interface StaticContract {
  readonly contract: FleetContract;
  readonly source: string;
  /** Where an environment was named: its Terraform JSON. */
  readonly stack: Stack | undefined;
}

/** What we read of a stack's Terraform JSON. */
export interface Stack {
  readonly output?: { readonly contract?: { readonly value?: string } };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/** @throws UsageError, ReadfleetError of the contract or `READFLEET_CLI_STACK` */
export async function staticContract(
  asked: {
    readonly contract?: string | undefined;
    readonly environment?: string | undefined;
    readonly 'cdktf-out'?: string | undefined;
  },
  io: Pick<Io, 'env' | 'stdin'>,
): Promise<StaticContract> {
  const { environment, 'cdktf-out': folder = 'cdktf.out' } = asked;
  if (environment === undefined) {
    if (asked['cdktf-out'] !== undefined) throw new UsageError('--cdktf-out goes with --environment <name>.');
    return { ...(await readContract(asked.contract, io)), stack: undefined };
  }
  if (asked.contract !== undefined) {
    throw new UsageError('Either --contract or --environment: they may say different things.');
  }
  const file = path.join(folder, 'stacks', environment, 'cdk.tf.json');
  if (!existsSync(file)) throw new UsageError(noSuchStack(folder, environment));
  const stack = parseStack(await readFile(file, 'utf8'), file);
  const text = stack.output?.contract?.value;
  if (typeof text !== 'string') throw notAStack(file, 'it has no output named contract');
  return { contract: parseContract(withoutReferences(text), file), source: file, stack };
}

function parseStack(text: string, file: string): Stack {
  try {
    return JSON.parse(text) as Stack;
  } catch (error) {
    throw notAStack(file, (error as Error).message);
  }
}

/** What stands in place of a name that AWS gives. */
export const KNOWN_LATER = 'known-once-deployed.invalid';

/** Names are references until Terraform has made what they refer to; inside of them stand quotes, which JSON would take amiss. */
export function withoutReferences(json: string): string {
  return json.replace(/\$\{[^{}]*\}/g, KNOWN_LATER);
}

function noSuchStack(folder: string, environment: string): string {
  const stacks = path.join(folder, 'stacks');
  const names = existsSync(stacks) ? readdirSync(stacks).sort() : [];
  if (names.length === 0) {
    return `${folder} has no stacks: synthesise first (npm run synth), or name the folder with --cdktf-out.`;
  }
  return `${folder} has no environment ${JSON.stringify(environment)}. It has: ${names.join(', ')}.`;
}

function notAStack(file: string, why: string): ReadfleetError {
  return new ReadfleetError('READFLEET_CLI_STACK', `${file}: not a stack of readfleet: ${why}`);
}
