import { functionUsages } from '../../cost/usages/functions';
import { toEmf } from '../../lambda/emf';
import { checked } from '../constructs/support/environments';
import { sighting } from '../support/sightings';
import { deployed, inShort, resource } from './support';

/** The emitter as Terraform has it, of a fleet with two readers. */
function usages(every: number, variables: Record<string, string> = {}) {
  const emitter = resource('aws_lambda_function', 'emitter', {
    memory_size: 256,
    environment: { variables: { READFLEET_SAMPLE_SECONDS: String(every), ...variables } },
  });
  return functionUsages(deployed(checked(), emitter));
}

test('with a sample each 10 s the emitter runs 51 s of each minute', () => {
  // 43 800 minutes × 51 s × a quarter of a GiB; 1 + 2 × 3 metrics
  expect(inShort(usages(10)).slice(0, 3)).toEqual([
    'lag emitter: 558450 GB-s at lambda-gb-second',
    'lag emitter, calls: 0.0438 million at lambda-million-requests',
    'lag metrics: 7 pieces at metric',
  ]);
});

test('with a sample each minute it runs a second of it', () => {
  expect(inShort(usages(60))[0]).toBe('lag emitter: 10950 GB-s at lambda-gb-second');
});

test('it logs a record for each member and sample, of a reader a longer one', () => {
  // 464 + 1 × 46 bytes of the primary, 540 + 3 × 46 of each reader
  expect(usages(10)[3]).toMatchObject({ what: 'lag emitter, logs', price: 'log-gib' });
  expect(usages(10)[3]?.quantity).toBeCloseTo((43_800 * 6 * (510 + 2 * 678)) / 2 ** 30, 9);
  expect(usages(60)[3]?.quantity).toBeCloseTo((43_800 * 1 * (510 + 2 * 678)) / 2 ** 30, 9);
});

test('what servers say is billed when it becomes metrics: three of the primary and four of each reader', () => {
  expect(inShort(usages(10, { READFLEET_SERVER_METRICS: 'true' }))[2]).toBe('lag metrics: 18 pieces at metric');
});

test('a higher resolution makes records longer, and no more metrics', () => {
  const [, , metrics, logs] = usages(10, { READFLEET_HIGH_RESOLUTION: 'true' });
  expect(metrics?.quantity).toBe(7);
  expect(logs?.quantity).toBeCloseTo((43_800 * 6 * (532 + 2 * 744)) / 2 ** 30, 9);
});

describe('a record is as long as it is reckoned, but for what names make of it', () => {
  const lag = { seconds: 0.123, bytes: 123_456 };
  const slot = { name: 'rds_eu_central_1_db_abcdefghijklmnopqrstuvwxyz', lagBytes: 12_345_678 };
  const server = { connections: 123, maxConnections: 1_600, slot };
  const reader = {
    member: 'blue',
    state: { kind: 'serving', lag },
    lag,
    sighting: sighting({ timeline: 12 }),
    server,
  } as const;
  const writer = {
    ...reader,
    member: 'primary',
    lag: undefined,
    sighting: sighting({ timeline: 12, recovering: false }),
  };
  const fleet = { fleet: 'orders', environment: 'production', topology: 'instances' } as const;

  test.each([
    [{}, {}],
    [{ READFLEET_SERVER_METRICS: 'true' }, { serverMetrics: true }],
    [
      { READFLEET_SERVER_METRICS: 'true', READFLEET_HIGH_RESOLUTION: 'true' },
      { serverMetrics: true, highResolution: true },
    ],
  ])('with %j', (variables, options) => {
    const bytes = (sample: typeof reader | typeof writer) =>
      JSON.stringify(toEmf(fleet, sample, 1_700_000_000_000, options)).length + '\n'.length + 26;
    const reckoned = ((usages(60, variables as Record<string, string>)[3]?.quantity ?? 0) * 2 ** 30) / 43_800;
    expect(Math.abs(reckoned / (bytes(writer) + 2 * bytes(reader)) - 1)).toBeLessThan(0.02);
  });
});

test('a function that runs once in a deployment is left out', () => {
  const bootstrap = resource('aws_lambda_function', 'bootstrap', { memory_size: 256 });

  expect(functionUsages(deployed(checked(), bootstrap))).toEqual([]);
});
