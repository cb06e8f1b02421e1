import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from '../command';
import { LOGIN_HELP } from '../credentials';
import { EXIT, type ExitCode } from '../exit-codes';
import { type Io, unlessEnded } from '../io';
import { CONTRACT_HELP } from '../read-contract';
import { lookDirectly } from './direct';
import { Drawing } from './drawing';
import { readStatusOptions, type StatusOptions } from './options';
import { lookThrough } from './remote';
import { statusLines } from './render';
import type { Sight } from './sight';
import { isWell } from './wellness';

const HELP = `readfleet status: every member of a fleet

Usage: readfleet status [options]

  Connects to every member, watches replication for a moment, and prints what each one is. With --url it asks an app
  that serves the monitoring handler instead, and prints what the app sees: its breakers, switches, pools and reads.

Options:
${CONTRACT_HELP}
  --watch [seconds]   again and again, in place (default: every 2 seconds)
  --json              for programs: one JSON document; with --watch one to a line
  --url <address>     an app's handler, e.g. http://app:9000; its token is read from READFLEET_TOKEN
${LOGIN_HELP}

Exit codes: 0 every member is well, 1 one is not, 2 wrong use, 3 nobody can be reached.
`;

export const status: Command = {
  help: HELP,
  async run(args, io) {
    const options = readStatusOptions(args);
    const source = options.url === undefined ? await lookDirectly(options, io) : lookThrough(options.url, io);
    try {
      return await (options.watchMs === undefined
        ? once(source, options, io)
        : watch(source, options.watchMs, options, io));
    } finally {
      await source.close();
    }
  },
};

/** Where the status comes from. */
export interface Source {
  look(): Promise<Sight>;
  close(): Promise<void>;
}

async function once(source: Source, options: StatusOptions, io: Io): Promise<ExitCode> {
  io.working('looking');
  const sight = await unlessEnded(io.signal, source.look());
  io.out(options.json ? JSON.stringify(sight.status, undefined, 2) : statusLines(sight, io).join('\n'));
  return sight.status.members.every(isWell) ? EXIT.well : EXIT.notWell;
}

/** Until Ctrl-C: that is how it ends, and no failure. */
async function watch(source: Source, everyMs: number, options: StatusOptions, io: Io): Promise<ExitCode> {
  const drawing = new Drawing(io);
  while (!io.signal.aborted) {
    const sight = await unlessEnded(io.signal, source.look()).catch((error: unknown) => {
      if (io.signal.aborted) return undefined;
      throw error;
    });
    if (sight === undefined) break;
    if (options.json) io.out(JSON.stringify(sight.status));
    else drawing.show(statusLines(sight, io));
    // Aborted by Ctrl-C.
    await delay(everyMs, undefined, { signal: io.signal }).catch(() => undefined);
  }
  return EXIT.well;
}
