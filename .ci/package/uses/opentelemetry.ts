import assert from 'node:assert/strict';
import { meterFleet } from 'readfleet/opentelemetry';
import type { Context } from './context.js';

export default function use({ fleet }: Context): void {
  const meter = meterFleet(fleet);
  assert.throws(() => meterFleet(fleet, { maxEndpoints: -1 }), { code: 'READFLEET_OPTIONS_INVALID' });
  meter.stop();
}
