import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { ContractMember } from '../../lib/contract';
import type { Fleet } from '../../lib/fleet';
import { type Credentials, clientConfig } from '../../lib/members/connection';
import { listen } from '../../monitoring/listen';
import type { Login } from '../credentials';
import type { LossFacts } from './facts';

const ENDPOINT = 'readfleet-doctor-loss';
/** Long enough to be found and cut; what another member then answers takes as long again. */
const SLEEP_SECONDS = 1;
const DEADLINE_MS = 5_000;

/**
 * Cuts the connection under a read of our own, on the server, and sees who answers it instead. The server ends one session of this process and no
 * other: every role may end its own.
 *
 * @throws when no read was sent to a replica, when its session was not found, or what the read's caller got
 */
export async function loseConnection(fleet: Fleet, login: Login, application: string): Promise<LossFacts> {
  let sentTo: string | undefined;
  let answeredBy: string | undefined;
  const end = listen(fleet.contract, {
    decision(decision) {
      if (decision.endpoint === ENDPOINT) sentTo ??= decision.member;
    },
    outcome(outcome) {
      if (outcome.endpoint === ENDPOINT) answeredBy = outcome.member;
    },
  });
  try {
    const began = performance.now();
    const read = fleet.read(`select pg_sleep(${SLEEP_SECONDS}) as readfleet_doctor`, undefined, { endpoint: ENDPOINT });
    // It is awaited below; until then nobody else would hear of it.
    read.catch(() => undefined);
    // The decision is taken as the read is sent.
    await delay(0);
    const cut = sentTo ?? 'nobody';
    const { writer, readers } = fleet.contract;
    const member = readers.find(({ name }) => name === cut);
    if (!member)
      throw new Error(`the read was sent to ${cut === writer.name ? 'the primary' : cut}, since no replica is fit`);
    await cutSession(fleet, member, login, application);
    await read;
    return { cut, answeredBy: answeredBy ?? 'nobody', ms: performance.now() - began };
  } finally {
    end();
  }
}

async function cutSession(fleet: Fleet, member: ContractMember, login: Login, application: string): Promise<void> {
  const { contract } = fleet;
  const credentials: Credentials = {
    user: login.user,
    password: login.password,
    database: contract.database,
    application_name: `${application} (cuts)`,
    tls: contract.tls === 'verify-full',
    ca: login.ca === undefined || typeof login.ca === 'string' ? login.ca : [...login.ca],
  };
  const client = new Client({ ...clientConfig(member, credentials, DEADLINE_MS), query_timeout: DEADLINE_MS });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const until = performance.now() + SLEEP_SECONDS * 1_000;
    while (performance.now() < until) {
      const { rows } = await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = $1 and usename = current_user and state = 'active' and query like '%readfleet_doctor%'`,
        [application],
      );
      if (rows.length > 0) return;
      await delay(20);
    }
    throw new Error(`its session was not found on ${member.name}`);
  } finally {
    await client.end();
  }
}
