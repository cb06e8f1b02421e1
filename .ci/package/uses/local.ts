import assert from 'node:assert/strict';
import { connect } from 'readfleet';
import { startLocalFleet } from 'readfleet/local';

export default async function use(): Promise<void> {
  const local = await startLocalFleet({ replicas: ['blue'] });
  try {
    const fleet = await connect(local.contract);
    try {
      await local.replica('blue').kill();
      // Nobody but the primary is left.
      const { rows } = await fleet.query<{ recovering: boolean }>('select pg_is_in_recovery() as recovering');
      assert.deepEqual(rows, [{ recovering: false }]);
    } finally {
      await fleet.close();
    }
  } finally {
    await local.stop();
  }
}
