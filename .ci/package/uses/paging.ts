import assert from 'node:assert/strict';
import { keyset, PageRequestError } from 'readfleet/paging';
import type { Context } from './context.js';

export default async function use({ fleet }: Context): Promise<void> {
  const byNumber = keyset({ orderBy: [{ column: 'n' }], unique: 'n', secret: 'thirty-two characters of a secret' });
  const page = {
    text: ({ key, where, orderBy, limit }) =>
      `select n, ${key} from generate_series(1, 5) as s(n) where ${where} ${orderBy} ${limit}`,
    first: 2,
  } satisfies Parameters<typeof byNumber.statement>[0];
  assert.match(byNumber.statement(page).text, /limit/i);
  const { rows, pageInfo } = await byNumber.query<{ n: number }>(fleet, page);
  assert.deepEqual(rows, [{ n: 1 }, { n: 2 }]);
  const next = await byNumber.query<{ n: number }>(fleet, { ...page, after: pageInfo.endCursor });
  assert.deepEqual(next.rows, [{ n: 3 }, { n: 4 }]);
  assert.throws(() => byNumber.statement({ ...page, after: 'made up' }), PageRequestError);
}
