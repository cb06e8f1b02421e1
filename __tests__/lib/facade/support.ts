import { AsyncLocalStorage } from 'node:async_hooks';
import { Pool, type PoolClient, type PoolConfig, type QueryConfig, type QueryResult } from 'pg';
import { FleetPool, type PoolKind } from '../../../lib/facade';
import type { FacadeHost } from '../../../lib/facade/host';
import { type Classifier, type Intent, loadClassifier } from '../../../lib/intent';
import { type LocalFleet, type LocalMember, startLocalFleet } from '../../../local';
import { eventually } from '../../support/eventually';

/** Who asked for a statement, where a test wants to know. */
export const asker = new AsyncLocalStorage<string>();

/** Where the host sent what it was asked, in order: `replica select 1`, `writer connection`, … */
export type Seen = string[];

/** A host over two bare pools, that writes down what it is asked. */
export class TestHost implements FacadeHost {
  off = false;
  readonly seen: Seen = [];
  readonly ended: { reason: string | undefined; onPrimary: boolean; asker: string | undefined }[] = [];
  private readonly clients = new Set<PoolClient>();
  writerPool: Pool;
  readerPools: Pool[];
  /** Instead of a connection of a replica, when set. */
  readerError: Error | undefined;

  constructor(
    private readonly classifier: Classifier,
    writer: PoolConfig,
    reader?: PoolConfig,
  ) {
    this.writerPool = pool(writer, this.clients);
    this.readerPools = reader ? [pool(reader, this.clients)] : [];
  }

  query(text: string | QueryConfig, values?: unknown[]): Promise<QueryResult> {
    const sql = typeof text === 'string' ? text : text.text;
    return this.intentOf(sql).target === 'replica' ? this.read(text, values) : this.write(text, values);
  }

  read(text: string | QueryConfig, values?: unknown[]): Promise<QueryResult> {
    this.note('replica', text);
    return this.reader.query(text as string, values as unknown[]);
  }

  write(text: string | QueryConfig, values?: unknown[]): Promise<QueryResult> {
    this.note('primary', text);
    return this.writerPool.query(text as string, values as unknown[]);
  }

  intentOf(text: string): Intent {
    return this.classifier.classify(text);
  }

  checkOutWriter(): Promise<PoolClient> {
    this.seen.push('writer connection');
    return this.writerPool.connect();
  }

  checkOutReader(): Promise<PoolClient> {
    this.seen.push('reader connection');
    return this.readerError ? Promise.reject(this.readerError) : this.reader.connect();
  }

  statementEnded(intent: Intent | undefined, client: PoolClient): void {
    const onPrimary = client.port === this.writerPool.options.port;
    this.ended.push({ reason: intent?.reason, onPrimary, asker: asker.getStore() });
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.release(true);
    await Promise.all([this.writerPool, ...this.readerPools].map((each) => (each.ending ? undefined : each.end())));
  }

  facade(kind: PoolKind = 'auto'): FleetPool {
    return new FleetPool(this, kind);
  }

  private get reader(): Pool {
    return this.readerPools[0] ?? this.writerPool;
  }

  private note(where: string, text: string | QueryConfig): void {
    const who = asker.getStore();
    this.seen.push(`${where} ${typeof text === 'string' ? text : text.text}${who ? ` for ${who}` : ''}`);
  }
}

function pool(config: PoolConfig, clients: Set<PoolClient>): Pool {
  const made = new Pool(config);
  // A test that failed may have left clients checked out, for which a pool waits at its end.
  made.on('acquire', (client) => clients.add(client));
  made.on('release', (_error, client) => clients.delete(client));
  // As the fleet does: a broken connection is an error of its statement, not of the process.
  made.on('error', () => undefined);
  made.on('connect', (client) => client.on('error', () => undefined));
  return made;
}

/** A primary and its replica, and hosts over them. */
export class Servers {
  private readonly hosts: TestHost[] = [];

  private constructor(
    readonly local: LocalFleet,
    private readonly classifier: Classifier,
  ) {}

  static async start(): Promise<Servers> {
    return new Servers(await startLocalFleet({ replicas: ['blue'] }), await loadClassifier());
  }

  config(member: LocalMember, port: number = member.port): PoolConfig {
    const { auth, database } = this.local.contract;
    if (auth.kind !== 'password') throw new Error('a local fleet has a password');
    return { host: member.host, port, user: auth.user, password: auth.password, database, max: 4 };
  }

  host(options: PoolConfig = {}): TestHost {
    const { primary } = this.local;
    const replica = this.local.replica('blue');
    const made = new TestHost(
      this.classifier,
      { ...this.config(primary), ...options },
      { ...this.config(replica), ...options },
    );
    this.hosts.push(made);
    return made;
  }

  hostWithoutReplica(options: PoolConfig = {}): TestHost {
    const made = new TestHost(this.classifier, { ...this.config(this.local.primary), ...options });
    this.hosts.push(made);
    return made;
  }

  /** Resolves when the replica shows what the primary has written so far. */
  async replicated(): Promise<void> {
    const [written] = await this.local.primary.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn');
    await eventually(async () => {
      const [row] = await this.local
        .replica('blue')
        .query<{ there: boolean }>('select pg_last_wal_replay_lsn() >= $1::pg_lsn as there', [written?.lsn]);
      return row?.there === true;
    });
  }

  async closeHosts(): Promise<void> {
    await Promise.all(this.hosts.splice(0).map((host) => host.close()));
  }

  async stop(): Promise<void> {
    await this.closeHosts();
    await this.local.stop();
  }
}
