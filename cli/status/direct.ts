import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '../../lib/connect';
import type { Fleet } from '../../lib/fleet';
import type { Member } from '../../lib/members/member';
import { statusView } from '../../monitoring/status-view';
import { loginFor } from '../credentials';
import { type Io, unlessEnded } from '../io';
import { readContract } from '../read-contract';
import type { Source } from './index';
import type { StatusOptions } from './options';
import type { ServerConnections } from './sight';

const POLL_MS = 400;
/** Two polls: the lag of a replica that is behind is known from when the primary was where the replica is now. */
const FIRST_LOOK_MS = 2 * POLL_MS + 200;

/** Connections of everybody, which every role may count, and how many there may be. */
const CONNECTIONS = `
select (select sum(numbackends) from pg_stat_database)::int as used, current_setting('max_connections')::int as max`;

/**
 * Connects as an app does, and looks by itself.
 *
 * @throws ReadfleetError `READFLEET_NO_MEMBER` when nobody answers
 */
export async function lookDirectly(asked: Pick<StatusOptions, 'contract' | 'user' | 'ca'>, io: Io): Promise<Source> {
  const { contract } = await readContract(asked.contract, io);
  const login = await loginFor(contract, asked, io);
  io.working(`asking ${contract.readers.length + 1} members`);
  const connecting = connect(contract, {
    ...login,
    maxStalenessMs: contract.lag.warningSeconds * 1_000,
    lag: { pollMs: POLL_MS },
    // One that looks must not be the one too many.
    pools: { primaryMax: 1, replicaMax: 1 },
    applicationName: 'readfleet status',
    closeTimeoutMs: 500,
  });
  const fleet = await unlessEnded(io.signal, connecting).catch((error: unknown) => {
    void connecting.then((late) => late.close()).catch(() => undefined);
    throw error;
  });
  let known: Promise<unknown> = delay(FIRST_LOOK_MS);
  return {
    async look() {
      await known;
      known = Promise.resolve();
      const asked = await askServers(fleet);
      const view = statusView(fleet.status(), contract.lag, Date.now());
      return {
        status: {
          ...view,
          members: view.members.map((member) => ({
            ...member,
            latencyMs: asked.get(member.name)?.ms ?? member.latencyMs,
          })),
        },
        servers: Object.fromEntries([...asked].map(([name, { connections }]) => [name, connections])),
      };
    },
    close: () => fleet.close(),
  };
}

type Asked = Map<string, { readonly ms: number; readonly connections: ServerConnections }>;

async function askServers(fleet: Fleet): Promise<Asked> {
  const { members } = fleet.internals;
  const asked: Asked = new Map();
  await Promise.all(
    members.all().map(async (member) => {
      if (member.facts.failure !== undefined) return;
      try {
        asked.set(member.name, await askServer(member));
      } catch {
        // Its state tells that it does not answer, and why.
      }
    }),
  );
  return asked;
}

async function askServer(member: Member) {
  await member.run({ text: CONNECTIONS }, true);
  // The first one may have opened the connection.
  const began = performance.now();
  const { rows } = await member.run({ text: CONNECTIONS }, true);
  return { ms: performance.now() - began, connections: rows[0] as ServerConnections };
}
