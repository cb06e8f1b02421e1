import assert from 'node:assert/strict';
import { connect, InvalidConfigError, loadClassifier, ReadfleetError } from 'readfleet';
import type { Context } from './context.js';

export default async function use({ contract }: Context): Promise<void> {
  await assert.rejects(connect({ ...contract, readers: [contract.writer] }), (error) => {
    assert(error instanceof InvalidConfigError && ReadfleetError.is(error));
    return error.code === 'READFLEET_CONTRACT_INVALID' && error.problems.length === 1;
  });
  const fleet = await connect(contract, { lag: { pollMs: 200 } });
  try {
    await fleet.query('create table if not exists note (id int primary key, body text)');
    await fleet.session(async () => {
      await fleet.query('insert into note values ($1, $2) on conflict do nothing', [1, 'one']);
      const { rows } = await fleet.query<{ body: string }>('select body from note where id = $1', [1]);
      assert.deepEqual(rows, [{ body: 'one' }]);
    });
    assert.equal((await fleet.pool.query('select 1 as one')).rows[0].one, 1);
    assert.equal(fleet.status().members.length, 2);
  } finally {
    await fleet.close();
  }
  const classifier = await loadClassifier();
  assert.equal(classifier.classify('select nextval($$s$$)').target, 'primary');
}
