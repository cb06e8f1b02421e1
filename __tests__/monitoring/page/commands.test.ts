import { beside, command, pathOf } from '../../../monitoring/page/client/commands';
import { detailIn } from '../../../monitoring/page/client/problem';
import { PATHS } from '../../../monitoring/view';

test.each([
  ['/v1/system/database', '/v1/system/database/stream'],
  ['/v1/system/database/', '/v1/system/database/stream'],
  ['/internal/db/v1/system/database', '/internal/db/v1/system/database/stream'],
])('for a page at %s the stream is at %s', (page, stream) => {
  expect(beside(page, PATHS.stream)).toBe(stream);
});

test('each path that the page asks for is below its own', () => {
  for (const path of [PATHS.stream, PATHS.admin]) expect(path.startsWith(`${PATHS.page}/`)).toBe(true);
});

test('a name cannot leave its place in a path', () => {
  expect(pathOf('endpoints', '../../admin?x#y', 'enable')).toBe('endpoints/..%2F..%2Fadmin%3Fx%23y/enable');
});

describe('an order', () => {
  const answered = (status: number, body: string) => async () => new Response(body, { status });

  test('is a POST of JSON with the token', async () => {
    const sent: unknown[] = [];
    const fetch = async (url: string, init: object) => {
      sent.push([url, init]);
      return new Response('{}');
    };

    await command(fetch, '/admin', 'secret', 'actions/kill', { member: 'blue' });

    expect(sent).toEqual([
      [
        '/admin/actions/kill',
        {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: 'Bearer secret' },
          body: '{"member":"blue"}',
        },
      ],
    ]);
  });

  test('that is done says nothing: what came of it is seen', async () => {
    expect(await command(answered(202, '{}'), '/admin', undefined, 'x', {})).toEqual({ done: true, text: '' });
  });

  test('that is refused is told in the words of the server', async () => {
    const body = '{"title":"Forbidden","detail":"This token may look."}';

    expect(await command(answered(403, body), '/admin', undefined, 'x', {})).toEqual({
      done: false,
      text: 'Not done. This token may look.',
    });
  });

  test('that something in between refused is told by its number', async () => {
    expect(await command(answered(502, '<html>'), '/admin', undefined, 'x', {})).toEqual({
      done: false,
      text: 'Not done. The server answered 502.',
    });
  });

  test('whose answer was lost is not called undone', async () => {
    const fetch = async () => {
      throw new TypeError('Failed to fetch');
    };

    expect((await command(fetch, '/admin', undefined, 'x', {})).text).toMatch(/Whether it was done is not known/);
  });
});

test.each(['<html>', '""', 'null', '{}', '{"detail":""}', '{"detail":7}'])('%s has no detail', (text) => {
  expect(detailIn(text)).toBeUndefined();
});
