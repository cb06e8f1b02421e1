import { resolveWebOptions, type WebSessionOptions } from '../../../adapters/web/options';
import { systemClock } from '../../../lib/clock';

function problemsOf(options: unknown): string[] {
  try {
    resolveWebOptions(options as WebSessionOptions, 'shop');
  } catch (error) {
    expect(error).toMatchObject({ code: 'READFLEET_WEB_OPTIONS' });
    return (error as { problems: { path: string }[] }).problems.map(({ path }) => path);
  }
  return [];
}

test('the defaults', () => {
  expect(resolveWebOptions({}, 'shop')).toEqual({
    cookie: { name: 'readfleet-shop', maxAgeSeconds: 300, path: '/', sameSite: 'lax', secure: 'auto' },
    header: undefined,
    tokenTimeoutMs: 1_000,
    onProblem: expect.any(Function),
    clock: systemClock,
  });
});

test('what is undefined is the default', () => {
  const cookie = { name: undefined, path: undefined } as never;

  expect(resolveWebOptions({ cookie }, 'shop').cookie).toMatchObject({ name: 'readfleet-shop', path: '/' });
});

test.each([
  [true, 'x-readfleet-session'],
  ['X-Mine', 'x-mine'],
  [false, undefined],
])('header: %p is %p', (header, name) => {
  expect(resolveWebOptions({ header }, 'shop').header).toBe(name);
});

const wrong: [string, unknown, string[]][] = [
  ['no object', 7, ['']],
  ['an option that there is not', { cookies: {} }, ['']],
  ['a name with a blank', { cookie: { name: 'my cookie' } }, ['cookie.name']],
  ['a path that is none', { cookie: { path: 'shop' } }, ['cookie.path']],
  ['a path that says more', { cookie: { path: '/; Domain=evil.example' } }, ['cookie.path']],
  ['a domain that says more', { cookie: { domain: 'a; Secure' } }, ['cookie.domain']],
  ['an age of nothing', { cookie: { maxAgeSeconds: 0 } }, ['cookie.maxAgeSeconds']],
  ['an unknown sameSite', { cookie: { sameSite: 'Lax' } }, ['cookie.sameSite']],
  ['a cookie that browsers drop', { cookie: { sameSite: 'none', secure: false } }, ['cookie.secure']],
  ['a header that is none', { header: 'my header' }, ['header']],
  ['nothing that carries', { cookie: false }, ['cookie']],
  ['no time', { tokenTimeoutMs: 0 }, ['tokenTimeoutMs']],
  ['no listener', { onProblem: 'log' }, ['onProblem']],
  [
    'several at once',
    { cookie: { path: 'x', maxAgeSeconds: -1 }, header: '' },
    ['cookie.maxAgeSeconds', 'cookie.path', 'header'],
  ],
];

test.each(wrong)('%s is refused by name', (_, options, paths) => {
  expect(problemsOf(options).sort()).toEqual(paths);
});

test('of an option that there is not the name is told', () => {
  const options = { cookies: {}, cookie: { age: 1 } } as WebSessionOptions;

  expect(() => resolveWebOptions(options, 'shop')).toThrow('There is no such option: cookies.');
  expect(() => resolveWebOptions(options, 'shop')).toThrow('There is no such option: age.');
});
