import assert from 'node:assert/strict';
import { fleetRegistry } from 'readfleet/prometheus';
import type { Context } from './context.js';

export default async function use({ fleet }: Context): Promise<void> {
  const registry = fleetRegistry(fleet);
  await fleet.query('select 1');
  assert.match(await registry.metrics(), /^read_routing_total\{.*target="replica".*\} [1-9]/m);
}
