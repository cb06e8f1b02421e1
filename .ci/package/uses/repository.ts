import assert from 'node:assert/strict';
import { Repository } from 'readfleet/repository';
import type { Context } from './context.js';

interface Customer {
  readonly id: number;
  readonly name: string;
}

export default async function use({ fleet }: Context): Promise<void> {
  await fleet.write('create table if not exists customer (id int generated always as identity primary key, name text)');
  const customers = new Repository<Customer, 'id', 'id'>(fleet, {
    table: 'customer',
    id: 'id',
    columns: { id: 'value', name: 'value' },
  });
  const { id } = await customers.insert({ name: 'Ada' });
  assert.deepEqual(await customers.findByIdCritical(id), { id, name: 'Ada' });
}
