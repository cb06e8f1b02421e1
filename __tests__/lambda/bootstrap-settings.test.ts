import { type BootstrapSettings, parseSettings } from '../../lambda/bootstrap-settings';

const SETTINGS: BootstrapSettings = {
  host: 'primary.example',
  port: 5432,
  database: 'orders',
  tls: 'verify-full',
  masterSecretArn: 'arn:master',
  roles: [
    { name: 'app', kind: 'app' },
    { name: 'app_proxy', kind: 'proxy', secretArn: 'arn:proxy' },
  ],
};

test('settings are read as they were written', () => {
  expect(parseSettings(JSON.stringify(SETTINGS))).toEqual(SETTINGS);
});

test.each([
  [undefined, /READFLEET_BOOTSTRAP: not JSON/],
  ['{', /READFLEET_BOOTSTRAP: not JSON/],
  [JSON.stringify({ ...SETTINGS, host: undefined }), /host {2}got: nothing/],
  [JSON.stringify({ ...SETTINGS, roles: [{ name: 'app_proxy', kind: 'proxy' }] }), /kind proxy needs a secretArn/],
  [JSON.stringify({ ...SETTINGS, roles: [{ name: 'app', kind: 'superuser' }] }), /roles\[0\]\.kind/],
])('%s is refused', (text, message) => {
  expect(() => parseSettings(text)).toThrow(
    expect.objectContaining({ code: 'READFLEET_BOOTSTRAP_SETTINGS', message: expect.stringMatching(message) }),
  );
});
