import { AsyncLocalStorage } from 'node:async_hooks';
import type { QueryResultRow } from 'pg';
import { type FleetContract, parseContract } from '../../../lib/contract';
import { ReadfleetError } from '../../../lib/errors';
import { withPlainClient } from '../../control';
import { checkDelay } from '../../standby';
import { addressIn } from '../database/address';
import { Connection } from './connection';
import type { Hold, Turn } from './gate';
import { FAULTS, type Fault, type TestServer, type TestServers, targetOn } from './servers';

/** The environment variable by which workers hear of the shared fleet. */
export const VARIABLE = 'READFLEET_TEST_FLEET';

/** What that variable says, as JSON. */
export interface Announcement {
  readonly port: number;
  readonly token: string;
  readonly contract: FleetContract;
}

/** The fleet of the whole run, as a worker sees it: its servers are children of another process. */
export class SharedFleet implements TestServers {
  readonly contract: FleetContract;
  readonly primary: TestServer;
  readonly replicas: readonly TestServer[];
  private readonly turn = new AsyncLocalStorage<Connection>();

  /** @internal use {@link sharedFleet} */
  constructor(private readonly announcement: Announcement) {
    const { contract } = announcement;
    this.contract = contract;
    this.primary = this.server(contract.writer);
    this.replicas = contract.readers.map((reader) => this.server(reader));
  }

  /** @throws ReadfleetError `READFLEET_LOCAL_NO_MEMBER` */
  member(name: string): TestServer {
    const all = [this.primary, ...this.replicas];
    const found = all.find((server) => server.name === name);
    if (found) return found;
    const names = all.map((server) => server.name).join(', ');
    throw new ReadfleetError('READFLEET_LOCAL_NO_MEMBER', `The fleet has no "${name}" there. It has: ${names}.`);
  }

  /** @internal Waits for its turn. When this process dies in it, its faults are undone. */
  async enter(hold: Hold): Promise<Turn> {
    const { port, token } = this.announcement;
    const connection = await Connection.open(port, { kind: 'enter', token, hold });
    return {
      run: (work) => this.turn.run(connection, work),
      heal: () => connection.ask({ kind: 'heal' }),
      async leave() {
        try {
          await connection.ask({ kind: 'leave' });
        } finally {
          connection.close();
        }
      },
    };
  }

  private server(address: { readonly name: string; readonly host: string; readonly port: number }): TestServer {
    const { name, host, port } = address;
    const target = targetOn(this.contract, address);
    const faults = Object.fromEntries(
      FAULTS.map((fault) => [fault, (ms?: number) => this.fault({ member: name, fault, ms })]),
    ) as Pick<TestServer, Fault>;
    return {
      ...{ name, host, port, ...faults },
      url: addressIn(this.contract, this.contract.database, address).url,
      query: <Row extends QueryResultRow>(text: string, values: unknown[] = []) =>
        withPlainClient(target, async (client) => (await client.query<Row>(text, values)).rows),
    };
  }

  private async fault(asked: { member: string; fault: Fault; ms?: number | undefined }): Promise<void> {
    // Not left to the other process: on the way there NaN becomes null.
    if (asked.fault === 'delayReplay') checkDelay(asked.member, asked.ms as number);
    const connection = this.turn.getStore();
    if (connection) return connection.ask({ kind: 'fault', ...asked });
    throw new ReadfleetError(
      'READFLEET_TESTING_SHARED',
      `${asked.member}: ${asked.fault}() on the shared fleet concerns every test that uses it now. ` +
        'Do it within withFaults(fleet, work), which waits for the others and undoes it, or use a fleet of your own: startLocalFleet().',
    );
  }
}

let known: { readonly text: string; readonly fleet: SharedFleet } | undefined;

/**
 * The fleet that `startSharedFleet()` started for this run, from any process of it.
 *
 * @throws ReadfleetError `READFLEET_TESTING_NO_FLEET`
 */
export function sharedFleet(): SharedFleet {
  const text = process.env[VARIABLE];
  if (!text) {
    throw new ReadfleetError(
      'READFLEET_TESTING_NO_FLEET',
      `${VARIABLE} is not set: nobody started a shared fleet for this run. Call startSharedFleet() in the global setup of the test ` +
        'runner, or start a fleet of your own with startLocalFleet() and pass it as `servers`.',
    );
  }
  if (known?.text !== text) {
    const announcement = JSON.parse(text) as Announcement;
    known = {
      text,
      fleet: new SharedFleet({ ...announcement, contract: parseContract(announcement.contract, VARIABLE) }),
    };
  }
  return known.fleet;
}
