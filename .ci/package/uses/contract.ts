import assert from 'node:assert/strict';
import { type FleetContract, parseContract } from 'readfleet/contract';
import type { Context } from './context.js';

export default function use({ contract }: Context): void {
  const read: FleetContract = parseContract(JSON.stringify(contract));
  assert.equal(read.writer.port, contract.writer.port);
  assert.throws(() => parseContract({ version: 2 }, 'fleet.json'), { code: 'READFLEET_CONTRACT_VERSION' });
}
