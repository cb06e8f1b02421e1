import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type LocalFleet, type LocalMember, startLocalFleet } from '../../../local';
import { replicated } from '../../support/activity';
import { type Ground, SCHEMA, type Server, TABLE } from './subject';

/** The servers of a run: a primary and two replicas, that write down each statement before they run or refuse it. */
export class Servers {
  private constructor(readonly local: LocalFleet) {}

  static async start(): Promise<Servers> {
    const local = await startLocalFleet({
      replicas: 2,
      parameters: {
        log_statement: 'all',
        // A read that stands in the way of replay is cancelled at once: the fault of one scenario, and harmless to the others.
        max_standby_streaming_delay: 0,
        hot_standby_feedback: 'off',
        autovacuum: 'off',
      },
    });
    await local.primary.query(SCHEMA);
    await replicated(local.primary, local.replicas);
    return new Servers(local);
  }

  get ground(): Ground {
    const { contract, primary, replicas } = this.local;
    const { auth, database } = contract;
    if (auth.kind !== 'password') throw new Error('a local fleet has a password');
    const { user, password } = auth;
    const server = ({ host, port }: LocalMember): Server => ({ host, port, user, password, database });
    return { contract, primary: server(primary), replicas: replicas.map(server) };
  }

  /** Adds a row, and waits until every replica that runs has it. @returns its id */
  async row(body: string): Promise<number> {
    const [row] = await this.local.primary.query<{ id: string }>(
      `insert into ${TABLE} (body) values ($1) returning id`,
      [body],
    );
    await this.caughtUp();
    return Number(row?.id);
  }

  async count(body: string): Promise<number> {
    const [row] = await this.local.primary.query<{ n: number }>(
      `select count(*)::int as n from ${TABLE} where body = $1`,
      [body],
    );
    return row?.n ?? -1;
  }

  caughtUp(): Promise<void> {
    return replicated(this.local.primary, this.local.replicas);
  }

  /** Ends every fault, and waits until replicas have all. */
  async mend(): Promise<void> {
    for (const replica of this.local.replicas) {
      if (replica.state === 'frozen') await replica.thaw();
      if (replica.state !== 'running') await replica.restart();
      else await replica.resumeReplay();
    }
    await this.caughtUp();
  }

  /** What ran where: which servers were asked for a statement about the table while `work` ran. */
  async asked<T>(work: () => Promise<T>): Promise<{ readonly roles: readonly string[]; readonly result: T }> {
    const members = this.local.members;
    const begins = members.map((member) => statSync(logOf(member)).size);
    const result = await work();
    const asked = members.filter((member, index) => logged(member, begins[index] ?? 0));
    return {
      roles: [...new Set(asked.map(({ name }) => (name === this.local.primary.name ? 'primary' : 'replica')))],
      result,
    };
  }

  stop(): Promise<void> {
    return this.local.stop();
  }
}

function logOf({ dataDir }: LocalMember): string {
  return path.join(dataDir, 'server.log');
}

const STATEMENT = / (LOG: {2}(statement|execute [^:]*)|STATEMENT): /;

function logged(member: LocalMember, begin: number): boolean {
  // A statement may have several lines, of which only the first says what it is.
  const records = readFileSync(logOf(member))
    .subarray(begin)
    .toString('utf8')
    .split(/\n(?!\t)/);
  return records.some((record) => STATEMENT.test(record) && record.includes(TABLE));
}
