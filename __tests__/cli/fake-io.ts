import type { Io } from '../../cli/io';
import { main } from '../../cli/main';

/** What a command did, in words. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface FakeIo extends Io {
  readonly told: { out: string; err: string };
}

/** A process that is no terminal, has no environment, and keeps what it was told. */
export function fakeIo(given: Partial<Io> = {}): FakeIo {
  const told = { out: '', err: '' };
  return {
    told,
    env: {},
    out(text) {
      told.out += `${text}\n`;
    },
    err(text) {
      told.err += `${text}\n`;
    },
    draw(text) {
      told.out += text;
    },
    working: () => undefined,
    terminal: false,
    colour: false,
    columns: undefined,
    stdin: () => Promise.resolve(''),
    signal: new AbortController().signal,
    ...given,
  };
}

/** `readfleet …args`, within this process. */
export async function readfleet(args: readonly string[], given: Partial<Io> = {}): Promise<Ran> {
  const io = fakeIo(given);
  const code = await main(args, io);
  return { code, ...io.told };
}
