import { Client } from 'pg';
import { template } from 'readfleet/testing';

/** What every test begins with. In an app this runs its migrations: they take the URL of a primary. */
export const shop = template('shop', async ({ url }) => {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`
    create table customer_order (id int generated always as identity primary key, customer text not null);
    insert into customer_order (customer) values ('ada')`);
  await client.end();
});
