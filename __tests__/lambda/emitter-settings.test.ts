import { emitterSettings } from '../../lambda/emitter-settings';
import { CONTRACT } from './simulated-fleet';

const variables = (changes: Record<string, string> = {}) => ({
  READFLEET_CONTRACT: JSON.stringify({ ...CONTRACT, version: 1 }),
  ...changes,
});

test('by default there is a sample in each invocation, of lag and health alone, in a minute’s resolution', () => {
  expect(emitterSettings(variables())).toEqual({
    contract: { ...CONTRACT, version: 1 },
    everyMs: 60_000,
    serverMetrics: false,
    highResolution: false,
  });
});

test.each([
  [{ READFLEET_SAMPLE_SECONDS: '10' }, { everyMs: 10_000 }],
  [{ READFLEET_SERVER_METRICS: 'true' }, { serverMetrics: true, highResolution: false }],
  [{ READFLEET_HIGH_RESOLUTION: 'true' }, { highResolution: true, serverMetrics: false }],
])('%j', (changes, expected) => {
  expect(emitterSettings(variables(changes as Record<string, string>))).toMatchObject(expected);
});

test.each([
  ['READFLEET_SAMPLE_SECONDS', '0', 'a whole number, 1 to 60'],
  ['READFLEET_SAMPLE_SECONDS', '', 'a whole number, 1 to 60'],
  ['READFLEET_SERVER_METRICS', 'yes', 'true, or not set'],
  ['READFLEET_SERVER_METRICS', 'false', 'true, or not set'],
  ['READFLEET_HIGH_RESOLUTION', '1', 'true, or not set'],
])('%s=%s is refused', (name, value, wanted) => {
  expect(() => emitterSettings(variables({ [name]: value }))).toThrow(
    expect.objectContaining({
      code: 'READFLEET_EMITTER_SETTINGS',
      message: `environment variable ${name}: must be ${wanted}, got: ${value}`,
    }),
  );
});

test('a contract that is missing is named by its variable', () => {
  expect(() => emitterSettings({})).toThrow(/^environment variable READFLEET_CONTRACT: not JSON/);
});
