import { z } from 'zod';
import { convertParameters } from '../../parameters/convert';
import { PARAMETER_DEFAULTS } from '../../parameters/defaults';
import { memoryGiB } from '../../parameters/instance-memory';
import { formatSize, parseSize } from '../../parameters/units';
import { named, rule } from './rule';

const GIB = 1024 ** 3;
/** Past this share of the class's memory the server does not start, or swaps: connections and the system need the rest. */
const SHARED_BUFFERS_SHARE = 0.75;
/** WAL senders kept free for reconnects, whose old sender lives on until its timeout. */
const SPARE_WAL_SENDERS = 2;

const text = z.string();

export const parameterRules = [
  rule(z.object({ database: z.object({ parameters: named }) }), ({ database }) =>
    convertParameters(database.parameters).problems.map((problem) => ({
      ...problem,
      path: `database.parameters.${problem.path}`,
    })),
  ),

  rule(
    z.object({ database: z.object({ instanceClass: text, parameters: z.object({ shared_buffers: text }) }) }),
    ({ database: { instanceClass, parameters } }) => {
      const memory = memoryGiB(instanceClass);
      const bytes = parseSize(parameters.shared_buffers);
      if (memory === undefined || bytes === undefined || bytes <= memory * GIB * SHARED_BUFFERS_SHARE) return [];
      return [
        {
          code: 'READFLEET_SHARED_BUFFERS',
          path: 'database.parameters.shared_buffers',
          got: parameters.shared_buffers,
          message: `${instanceClass} has ${memory} GiB of memory: the server would not start, or would swap.`,
          fix: `Set '${formatSize((memory * GIB) / 4)}' (a quarter, RDS's own default), or take a larger class.`,
        },
      ];
    },
  ),

  rule(
    z.object({ database: z.object({ parameters: z.object({ max_wal_senders: z.number() }) }), replicas: named }),
    ({ database, replicas }) => {
      const got = database.parameters.max_wal_senders;
      const needed = Object.keys(replicas).length + SPARE_WAL_SENDERS;
      if (got >= needed) return [];
      return [
        {
          code: 'READFLEET_WAL_SENDERS',
          path: 'database.parameters.max_wal_senders',
          got,
          message: 'Each replica takes one, and a reconnect one more for a while: the last replicas could not stream.',
          fix: `Set ${needed} or more, or drop it (default: ${PARAMETER_DEFAULTS.max_wal_senders}).`,
        },
      ];
    },
  ),
];
