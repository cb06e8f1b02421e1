import assert from 'node:assert/strict';
import { monitoringHandler, PATHS } from 'readfleet/http';
import type { Context } from './context.js';

export default async function use({ fleet }: Context): Promise<void> {
  const token = '0123456789abcdef';
  const handler = monitoringHandler(fleet, { token });
  try {
    const url = `http://localhost${PATHS.health}`;
    assert.equal((await handler.fetch(new Request(url))).status, 401);
    const answer = await handler.fetch(new Request(url, { headers: { authorization: `Bearer ${token}` } }));
    assert.equal(answer.status, 200);
    const page = `http://localhost${PATHS.page}`;
    const shown = await handler.fetch(new Request(page, { headers: { authorization: `Bearer ${token}` } }));
    assert.match(await shown.text(), /<html/);
  } finally {
    handler.close();
  }
}
