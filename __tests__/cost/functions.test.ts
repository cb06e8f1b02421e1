import { functionUsages } from '../../cost/usages/functions';
import { checked } from '../constructs/support/environments';
import { deployed, inShort, resource } from './support';

/** The emitter as Terraform has it, of a fleet with two readers. */
function usages(every: number) {
  const emitter = resource('aws_lambda_function', 'emitter', {
    memory_size: 256,
    environment: { variables: { READFLEET_SAMPLE_SECONDS: String(every) } },
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

test('it logs a record for each member and sample', () => {
  // 43 800 × 6 samples × 3 members × 530 bytes
  expect(usages(10)[3]).toMatchObject({ what: 'lag emitter, logs', price: 'log-gib' });
  expect(usages(10)[3]?.quantity).toBeCloseTo((43_800 * 6 * 3 * 530) / 2 ** 30, 9);
  expect(usages(60)[3]?.quantity).toBeCloseTo((43_800 * 1 * 3 * 530) / 2 ** 30, 9);
});

test('a function that runs once in a deployment is left out', () => {
  const bootstrap = resource('aws_lambda_function', 'bootstrap', { memory_size: 256 });

  expect(functionUsages(deployed(checked(), bootstrap))).toEqual([]);
});
