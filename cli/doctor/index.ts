import { DEFAULTS } from '../../lib/defaults';
import { readArgs, wholeNumber } from '../args';
import type { Command } from '../command';
import { LOGIN_HELP, LOGIN_OPTIONS, loginFor } from '../credentials';
import { unlessEnded } from '../io';
import { CONTRACT_HELP, readContract } from '../read-contract';
import { countText } from '../units';
import { gather } from './gather';
import { reportLines } from './render';
import { exitCodeOf, reportOf } from './report';

const { primaryMax, replicaMax } = DEFAULTS.pools;

const HELP = `readfleet doctor: a checklist, run against a fleet

Usage: readfleet doctor [options]

  Asks every member how it is, and judges: reachable and encrypted, one version, who is the primary, replication, lag,
  slots, parameters, collations, roles, connections, long transactions; then reads through the library while members are
  switched off in this process. Each item says what was found, and what to do. Nothing is written, and nothing promoted.
  As a role with pg_monitor it sees most.

Options:
${CONTRACT_HELP}
  --processes <n>     processes of apps that connect, for the sum of their pools (default: 1)
  --primary-max <n>   pools.primaryMax of these apps (default: ${primaryMax})
  --replica-max <n>   pools.replicaMax of these apps (default: ${replicaMax})
  --url <address>     an app's monitoring handler as well, e.g. http://app:9000; its token is read from READFLEET_TOKEN
  --allow-failover-probe
                      end one session of doctor's own on a replica, amid a read, and see who answers instead
  --quiet             only what is not well
  --json              for programs: one JSON document
${LOGIN_HELP}

Exit codes: 0 nothing is not ok, 1 something is, 2 wrong use, 3 nobody can be reached. Warnings do not count.

Docs, item by item: docs/cli.md
`;

export const doctor: Command = {
  help: HELP,
  async run(args, io) {
    const { values } = readArgs(args, {
      ...LOGIN_OPTIONS,
      processes: { type: 'string' },
      'primary-max': { type: 'string' },
      'replica-max': { type: 'string' },
      url: { type: 'string' },
      'allow-failover-probe': { type: 'boolean' },
      quiet: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const pools = {
      processes: wholeNumber('processes', values.processes, 1),
      primaryMax: wholeNumber('primary-max', values['primary-max'], primaryMax),
      replicaMax: wholeNumber('replica-max', values['replica-max'], replicaMax),
    };
    const { url, quiet = false, 'allow-failover-probe': allowFailoverProbe = false } = values;
    const { contract } = await readContract(values.contract, io);
    const login = await loginFor(contract, values, io);
    io.working(`asking ${countText(contract.readers.length + 1, 'member')}`);
    const options = { login, pools, allowFailoverProbe, url, token: io.env.READFLEET_TOKEN };
    const facts = await unlessEnded(io.signal, gather(contract, options));
    const report = reportOf(facts);
    const lines = () => reportLines(report, { quiet, lossProbed: allowFailoverProbe }, io).join('\n');
    io.out(values.json ? JSON.stringify(report, undefined, 2) : lines());
    return exitCodeOf(report, facts);
  },
};
