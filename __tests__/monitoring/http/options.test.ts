import { channels, type Fleet, InvalidConfigError } from '../../../lib';
import { type MonitoringOptions, monitoringHandler } from '../../../monitoring/http';

const TOKEN = 'a-token-of-24-characters';
const ADMIN = 'another-of-28-characters-now';

/** Options are looked at before the fleet is. */
const fleet = {} as Fleet;

function refusal(options: unknown): InvalidConfigError {
  try {
    monitoringHandler(fleet, options as MonitoringOptions);
  } catch (error) {
    if (error instanceof InvalidConfigError) return error;
    throw error;
  }
  throw new Error('it started');
}

const action = { name: 'kill', label: 'Kill', help: '', on: 'member', run: async () => undefined };

test.each<[string, unknown, string, RegExp]>([
  ['no options', undefined, '', /Must be an object/],
  ['no token', {}, 'token', /missing: anybody could look.*openssl rand -base64 32.*token: false/s],
  ['a token from an environment without it', { token: undefined }, 'token', /missing/],
  ['an empty token', { token: '' }, 'token', /at least 16 characters, not 0/],
  ['a short token', { token: 'fifteen-of-them' }, 'token', /at least 16 characters, not 15/],
  ['a token that is a number', { token: 1234567890123456 }, 'token', /Must be a text, or a list/],
  ['no tokens in a list', { token: [] }, 'token', /Must not be empty/],
  ['one bad token of two', { token: [TOKEN, 'short'] }, 'token[1]', /at least 16 characters, not 5/],
  ['a token with a space', { token: 'sixteen letters and more' }, 'token', /a header carries no others/],
  ['a token with a line break', { token: `${TOKEN}\n` }, 'token', /a header carries no others/],
  ['true', { token: true }, 'token', /Must be a text, or a list/],
  ['an empty admin token', { token: TOKEN, admin: '' }, 'admin', /at least 16 characters, not 0/],
  ['a short admin token', { token: TOKEN, admin: 'short' }, 'admin', /at least 16 characters, not 5/],
  ['one token for both', { token: [ADMIN, TOKEN], admin: TOKEN }, 'admin', /who may look could use the switches/],
  [
    'switches for whoever may look',
    { token: TOKEN, admin: false },
    'admin',
    /Anybody who may look could use the switches/,
  ],
  [
    'a base path with a slash at its end',
    { token: TOKEN, basePath: '/internal/' },
    'basePath',
    /without a slash at its end/,
  ],
  ['a base path that is none', { token: TOKEN, basePath: 'internal' }, 'basePath', /without a slash/],
  [
    'metrics that are none',
    { token: TOKEN, metrics: { contentType: 'text/plain' } },
    'metrics',
    /registry of prom-client/,
  ],
  ['metrics that are to be', { token: TOKEN, metrics: true }, 'metrics', /registry of prom-client/],
  ['a page that is a text', { token: TOKEN, page: 'yes' }, 'page', /true or false/],
  ['a host with a port', { token: false, hosts: ['devbox:80'] }, 'hosts[0]', /a name or an address alone/],
  ['hosts that are no list', { token: false, hosts: 'devbox' }, 'hosts', /a list of names/],
  [
    'two actions of one name',
    { token: TOKEN, actions: [action, action] },
    'actions[1].name',
    /Another action has this name/,
  ],
  ['an action that does nothing', { token: TOKEN, actions: [{ ...action, run: 1 }] }, 'actions[0].run', /a function/],
  ['an action on nobody', { token: TOKEN, actions: [{ ...action, on: 'replicas' }] }, 'actions[0].on', /"fleet"/],
  ['an action without a name', { token: TOKEN, actions: [{ ...action, name: '' }] }, 'actions[0].name', /a name/],
  ['actions that are no list', { token: TOKEN, actions: action }, 'actions', /a list/],
  ['an option that is none', { token: TOKEN, tokens: [] }, 'tokens', /There is no such option/],
])('it refuses to start with %s', (_, options, path, message) => {
  const error = refusal(options);
  expect(error.code).toBe('READFLEET_HTTP_OPTIONS');
  expect(error.problems.map((problem) => problem.path)).toEqual([path]);
  expect(error.message).toMatch(message);
});

test('everything that is wrong is told at once, and no token with it', () => {
  const error = refusal({
    token: ['too short', ADMIN],
    admin: [ADMIN, 'sixteen and a space'],
    basePath: '/',
    metric: 1,
  });
  expect(error.problems.map(({ path }) => path)).toEqual(['metric', 'token[0]', 'admin[1]', 'admin', 'basePath']);
  for (const secret of ['too short', ADMIN, 'sixteen and a space']) expect(error.message).not.toContain(secret);
});

test('who was refused hears nothing', () => {
  refusal({});
  expect(channels.decision.hasSubscribers).toBe(false);
});
