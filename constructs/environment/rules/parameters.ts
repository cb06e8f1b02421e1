import { z } from 'zod';
import { convertParameters } from '../../parameters/convert';
import { PARAMETER_DEFAULTS } from '../../parameters/defaults';
import { flavourOf } from '../../parameters/flavour';
import { memoryGiB } from '../../parameters/instance-memory';
import { formatSize, parseSize } from '../../parameters/units';
import { ENGINE_MAJORS } from '../types/database';
import { named, rule } from './rule';

const GIB = 1024 ** 3;
/** Past this share of the class's memory the server does not start, or swaps: connections and the system need the rest. */
const SHARED_BUFFERS_SHARE = 0.75;
/** WAL senders kept free for reconnects, whose old sender lives on until its timeout. */
const SPARE_WAL_SENDERS = 2;
/** `superuser_reserved_connections`, which RDS fixes. */
const SUPERUSER_CONNECTIONS = 3;

const text = z.string();
const anything = z.unknown().optional();

export const parameterRules = [
  rule(
    z.object({ topology: anything, database: z.object({ engineMajor: anything, parameters: named }) }),
    ({ topology, database }) => {
      // A major or a topology that is not one is told elsewhere; here it means "whichever".
      const engineMajor = ENGINE_MAJORS.find((major) => major === database.engineMajor);
      const flavour = flavourOf(topology);
      const target = { ...(engineMajor ? { engineMajor } : {}), ...(flavour ? { flavour } : {}) };
      return convertParameters(database.parameters, target).problems.map((problem) => ({
        ...problem,
        path: `database.parameters.${problem.path}`,
      }));
    },
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
    z.object({
      database: z.object({ parameters: z.object({ max_wal_senders: z.number() }) }),
      replicas: named,
      // A promoted one stands alone, and streams no more.
      remoteReplicas: named.optional(),
    }),
    ({ database, replicas, remoteReplicas = {} }) => {
      const got = database.parameters.max_wal_senders;
      const needed = Object.keys(replicas).length + Object.keys(remoteReplicas).length + SPARE_WAL_SENDERS;
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

  rule(
    z.object({
      database: z.object({
        parameters: z.object({ max_connections: z.number(), reserved_connections: z.number() }),
      }),
    }),
    ({ database: { parameters } }) => {
      const needed = parameters.reserved_connections + SUPERUSER_CONNECTIONS + 1;
      if (parameters.max_connections >= needed) return [];
      return [
        {
          code: 'READFLEET_RESERVED_CONNECTIONS',
          path: 'database.parameters.reserved_connections',
          got: parameters.reserved_connections,
          message: `With ${SUPERUSER_CONNECTIONS} that RDS reserves, none of ${parameters.max_connections} is left: the server would not start.`,
          fix: `Set max_connections to ${needed} or more, or reserve fewer.`,
        },
      ];
    },
  ),
];
