import type { Client, PoolClient } from 'pg';
import { type Behind, type ClientConfig, DriverClient } from '../../adapters/orm/driver/client';
import { Servers, type TestHost } from '../lib/facade/support';

/** Leaves a trace. */
export const INSERT = 'insert into note values (1000, $1) on conflict (id) do update set body = $1';

/** Servers with notes, and for each test a client as an ORM sees it. */
export class DriverRig {
  servers!: Servers;
  host!: TestHost;
  client!: Client;
  /** Throws where the fleet is closed. */
  open: () => void = () => undefined;

  /** To be called where tests are described. */
  static use(): DriverRig {
    const rig = new DriverRig();
    beforeAll(async () => {
      rig.servers = await Servers.start();
      const { primary } = rig.servers.local;
      await primary.query('create table note (id int primary key, body text not null)');
      await primary.query(`insert into note select n, 'note ' || n from generate_series(1, 100) n`);
      await rig.servers.replicated();
    });
    beforeEach(async () => {
      rig.open = () => undefined;
      rig.host = rig.servers.host();
      await rig.connect();
    });
    afterEach(async () => {
      await rig.client.end();
      await rig.servers.closeHosts();
    });
    afterAll(() => rig.servers?.stop());
    return rig;
  }

  make(config?: ClientConfig, read?: Behind['read']): Client {
    const behind: Behind = {
      host: this.host,
      read,
      parameters: { server_version: '18.0' },
      cancel: (held) => this.cancel(held),
      assertOpen: () => this.open(),
    };
    return new DriverClient(behind, config) as unknown as Client;
  }

  /** Another client in the place of the one that is there. */
  async connect(config?: ClientConfig, read?: Behind['read']): Promise<void> {
    this.client = this.make(config, read);
    await this.client.connect();
  }

  get driver(): DriverClient {
    return this.client as unknown as DriverClient;
  }

  /** What was asked of the fleet since the last time. */
  seen(): string[] {
    return this.host.seen.splice(0);
  }

  /** Connections that somebody has. */
  inUse(): number {
    const { writerPool, readerPools } = this.host;
    return [writerPool, ...readerPools].reduce((sum, pool) => sum + pool.totalCount - pool.idleCount, 0);
  }

  private async cancel(held: PoolClient): Promise<void> {
    const member = this.servers.local.members.find(({ port }) => port === held.port);
    await member?.query('select pg_cancel_backend($1)', [(held as unknown as DriverClient).processID]);
  }
}
