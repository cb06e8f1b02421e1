import { Pool, type PoolClient, type PoolConfig, Query } from 'pg';
import Cursor from 'pg-cursor';
import QueryStream from 'pg-query-stream';
import { eventually } from '../../support/eventually';
import { RecordingProxy } from './recording-proxy';
import { Servers } from './support';

let servers: Servers;
let proxy: RecordingProxy;

beforeAll(async () => {
  servers = await Servers.start();
  await servers.local.primary.query('create table note (id int primary key, body text not null)');
  await servers.local.primary.query(`insert into note select n, 'note ' || n from generate_series(1, 100) n`);
  // Passwords are proved with random bytes; without one what a client sends is its own doing alone.
  await servers.local.primary.query('create role plain login');
  await servers.local.primary.query('grant all on note to plain');
  proxy = await RecordingProxy.start(servers.local.primary.port);
});

afterAll(async () => {
  await proxy?.close();
  await servers?.stop();
});

test('placeholder', () => undefined);
