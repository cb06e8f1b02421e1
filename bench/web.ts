/**
 * What a session per request costs a request: an Express app over loopback, with and without `readfleet/express`, on a local fleet.
 *
 *   npx tsx bench/web.ts [rounds]
 *
 * One request after the other on one connection. Rounds are interleaved; the table shows medians of the rounds' medians, and differences to the same request
 * without a session, of the same round.
 */
import { once } from 'node:events';
import { Agent, createServer, type IncomingHttpHeaders, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { readYourWrites } from '../adapters/web/express';
import { connect, type Fleet } from '../lib';
import { startLocalFleet } from '../local';
import { machine } from './figures';
import { median } from './measure';
import { orderOf } from './order';
import { markdown } from './table';

const REQUESTS = 300;
const WARM_UP = 300;
const rounds = Number(process.argv[2] ?? 20);
const TABLE = 'create table note (id int primary key, body text not null)';
const READ = 'select body from note where id = 1';
const WRITE = 'update note set body = body where id = 1';

type Ask = () => Promise<IncomingHttpHeaders>;

async function main(): Promise<void> {
  await using local = await startLocalFleet({ replicas: 1 });
  await using fleet = await connect(local.contract);
  await fleet.write(TABLE);
  await fleet.write(`insert into note values (1, 'a note')`);
  // So that the replica has it all.
  await fleet.session.open('now').run(() => fleet.query(READ));
  const servers: Server[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const bare = await listening(app(fleet, false), servers);
    const kept = await listening(app(fleet, true), servers);
    const ask = (port: number, method: string, headers = {}): Ask => {
      return () => answered(agent, port, method, headers);
    };
    const { 'set-cookie': [cookie = ''] = [] } = await ask(kept, 'POST')();
    const mine = { cookie: cookie.split(';')[0] };
    const candidates: readonly (readonly [name: string, ask: Ask, beside: number])[] = [
      ['GET, no session', ask(bare, 'GET'), 0],
      ['GET, of a client that wrote nothing', ask(kept, 'GET'), 0],
      ['GET, of a client with a token', ask(kept, 'GET', mine), 0],
      ['POST, no session', ask(bare, 'POST'), 3],
      ['POST, which asks the primary for a token', ask(kept, 'POST'), 3],
    ];
    console.log(`${machine(local.version)} ${REQUESTS} requests a turn, ${rounds} rounds.\n`);
    console.log(markdown(table(candidates, await measured(candidates.map(([, each]) => each)))));
  } finally {
    agent.destroy();
    for (const server of servers) server.close();
  }
}

/** Microseconds: of each candidate, the median of each round. */
async function measured(candidates: readonly Ask[]): Promise<readonly (readonly number[])[]> {
  for (const ask of candidates) for (let turn = 0; turn < WARM_UP; turn += 1) await ask();
  const medians = candidates.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const place of orderOf(round, candidates.length)) {
      const times: number[] = [];
      for (let turn = 0; turn < REQUESTS; turn += 1) {
        const began = performance.now();
        await candidates[place]?.();
        times.push((performance.now() - began) * 1_000);
      }
      medians[place]?.push(median(times));
    }
  }
  return medians;
}

function table(candidates: readonly (readonly [string, Ask, number])[], medians: readonly (readonly number[])[]) {
  const rows = candidates.map(([name, , beside], place) => {
    const times = medians[place] ?? [];
    const more = median(times.map((time, round) => time - (medians[beside]?.[round] ?? Number.NaN)));
    return [name, median(times).toFixed(0), place === beside ? '' : more.toFixed(0)];
  });
  return { header: ['request', 'µs', 'more than without, µs'], rows };
}

function app(fleet: Fleet, sessions: boolean): RequestListener {
  const made = express();
  if (sessions) made.use(readYourWrites(fleet));
  const serve = (sql: string) => async (_: unknown, response: express.Response) => {
    response.json((await fleet.query(sql)).rows);
  };
  made.get('/', serve(READ));
  made.post('/', serve(WRITE));
  return made;
}

async function listening(listener: RequestListener, servers: Server[]): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function answered(agent: Agent, port: number, method: string, headers: object): Promise<IncomingHttpHeaders> {
  return new Promise((resolve, reject) => {
    const asked = request({ agent, host: '127.0.0.1', port, method, headers: { ...headers } }, (response) => {
      response.resume().once('end', () => {
        if (response.statusCode === 200) resolve(response.headers);
        else reject(new Error(`answered with ${response.statusCode}`));
      });
    });
    asked.once('error', reject).end();
  });
}

void main();
