import { setTimeout } from 'node:timers/promises';
import type { Fleet } from '../lib';

/** How many rows the sample begins with. */
export const SAMPLE = { customers: 1_000, orders: 20_000 } as const;

const SCHEMA = `
create table customer (
  id    bigint generated always as identity primary key,
  name  text not null
);
create table purchase (
  id           bigint generated always as identity primary key,
  customer_id  bigint not null references customer,
  cents        integer not null,
  placed_at    timestamptz not null default now()
);
create index on purchase (customer_id, placed_at desc);`;

const DATA = `
insert into customer (name) select 'customer ' || n from generate_series(1, ${SAMPLE.customers}) n;
insert into purchase (customer_id, cents, placed_at)
  select 1 + n % ${SAMPLE.customers}, 100 + n % 9900, now() - n * interval '1 minute' from generate_series(1, ${SAMPLE.orders}) n;
analyze;`;

/** A small shop, written through the library: a statement that creates goes to the primary without being told to. */
export async function createSample(fleet: Fleet): Promise<void> {
  await fleet.query(SCHEMA);
  await fleet.query(DATA);
  await caughtUp(fleet);
}

const CATCH_UP_MS = 30_000;

/** Resolves when every replica has replayed the sample: else the first that a newcomer sees is replicas that lag. Not later than in half a minute. */
async function caughtUp(fleet: Fleet): Promise<void> {
  const until = performance.now() + CATCH_UP_MS;
  const serve = () => fleet.status().members.every(({ state }) => state.kind === 'serving');
  while (!serve() && performance.now() < until) await setTimeout(50);
}
