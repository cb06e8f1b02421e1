import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import fc from 'fast-check';
import { broughtBy, cookiesNamed, forOneClient, handOn } from '../../../adapters/web/carrier';
import { resolveWebOptions, type WebSessionOptions } from '../../../adapters/web/options';

interface Asked {
  readonly headers?: Record<string, string>;
  readonly tls?: boolean;
}

function request({ headers = {}, tls = false }: Asked = {}): IncomingMessage {
  const it = new IncomingMessage(Object.assign(new Socket(), tls && { encrypted: true }));
  Object.assign(it.headers, headers);
  return it;
}

function response(): ServerResponse {
  return new ServerResponse(request());
}

function cookieFor(options: WebSessionOptions['cookie'], asked?: Asked): unknown {
  const answer = response();
  handOn(
    'token',
    request(asked),
    answer,
    resolveWebOptions({ ...(options !== undefined && { cookie: options }) }, 'shop'),
  );
  return answer.getHeader('set-cookie');
}

describe('what a request brings', () => {
  const both = resolveWebOptions({ header: true }, 'shop');

  test('is its cookie', () => {
    const headers = { cookie: 'theme=dark; readfleet-shop=token; other=1' };

    expect(broughtBy(request({ headers }), both)).toEqual(['token']);
  });

  test('is its header, where it has both', () => {
    const headers = { cookie: 'readfleet-shop=cookie', 'x-readfleet-session': 'header' };

    expect(broughtBy(request({ headers }), both)).toEqual(['header']);
  });

  test('is nothing, without either', () => {
    expect(broughtBy(request({ headers: { cookie: 'theme=dark' } }), both)).toEqual([]);
    expect(broughtBy(request(), both)).toEqual([]);
  });

  test('is not what was not asked for', () => {
    const headers = { cookie: 'readfleet-shop=cookie', 'x-readfleet-session': 'header' };

    expect(broughtBy(request({ headers }), resolveWebOptions({}, 'shop'))).toEqual(['cookie']);
    expect(broughtBy(request({ headers }), resolveWebOptions({ cookie: false, header: 'X-Other' }, 'shop'))).toEqual(
      [],
    );
  });

  test('is every cookie of the name, in their order', () => {
    expect(cookiesNamed('a', 'a=1; b=2; aa=3; a=4;a=5')).toEqual(['1', '4', '5']);
  });

  test('a cookie of any name is found among any others', () => {
    const word = fc.stringMatching(/^[\w.!#$%&'*+^`|~-]{1,10}$/);
    fc.assert(
      fc.property(word, word, fc.array(fc.tuple(word, word)), fc.nat(), (name, value, others, at) => {
        const rest = others.filter(([each]) => each !== name).map(([each, its]) => `${each}=${its}`);
        const place = at % (rest.length + 1);
        const text = [...rest.slice(0, place), `${name}=${value}`, ...rest.slice(place)].join('; ');

        expect(cookiesNamed(name, text)).toEqual([value]);
      }),
    );
  });

  test('whatever the text, looking for a cookie does not fail', () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(cookiesNamed('a', text))));
  });
});

describe('the cookie of a response', () => {
  test('stands beside those of the app', () => {
    const answer = response();
    answer.setHeader('Set-Cookie', ['a=1', 'b=2']);

    handOn('token', request(), answer, resolveWebOptions({}, 'shop'));

    expect(answer.getHeader('set-cookie')).toEqual(['a=1', 'b=2', expect.stringMatching(/^readfleet-shop=token;/)]);
  });

  test('has the name, age, path and domain that were asked for', () => {
    expect(cookieFor({ name: 'rf', maxAgeSeconds: 30, path: '/shop', domain: 'example.com', sameSite: 'strict' })).toBe(
      'rf=token; Max-Age=30; Path=/shop; Domain=example.com; HttpOnly; SameSite=Strict',
    );
  });

  const asked: [string, Asked, boolean][] = [
    ['in the clear', {}, false],
    ['over TLS', { tls: true }, true],
    ['over TLS to a proxy', { headers: { 'x-forwarded-proto': 'https' } }, true],
    ['over TLS to the first of two proxies', { headers: { 'x-forwarded-proto': 'HTTPS, http' } }, true],
    ['in the clear to the first of two proxies', { headers: { 'x-forwarded-proto': 'http, https' } }, false],
  ];

  test.each(asked)('is Secure as the request came: %s', (_, how, secure) => {
    expect(String(cookieFor({}, how)).endsWith('; Secure')).toBe(secure);
  });

  test('is Secure or not as it is told', () => {
    expect(cookieFor({ secure: true })).toContain('; Secure');
    expect(cookieFor({ secure: false }, { tls: true })).not.toContain('Secure');
  });

  test('is Secure where it goes to other sites, since browsers would drop it', () => {
    expect(cookieFor({ sameSite: 'none' })).toContain('SameSite=None; Secure');
  });

  test('is none without a cookie; then the header is all', () => {
    const answer = response();

    handOn('token', request(), answer, resolveWebOptions({ cookie: false, header: 'X-My-Session' }, 'shop'));

    expect(answer.getHeaders()).toEqual({ 'x-my-session': 'token', 'cache-control': 'private' });
  });
});

const cacheControls: [string | undefined, string][] = [
  [undefined, 'private'],
  ['public, max-age=60', 'private, max-age=60'],
  ['s-maxage=60, max-age=5', 'private, max-age=5'],
  ['private', 'private'],
  ['Private="x-a, x-b", no-cache="x-c, x-d"', 'private, no-cache="x-c, x-d"'],
  ['no-store', 'private, no-store'],
  ['', 'private'],
];

test.each(cacheControls)('a response with a token is for one client: %p becomes %p', (before, after) => {
  expect(forOneClient(before)).toBe(after);
});
