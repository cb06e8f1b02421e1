import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type EmfOptions, type Sample, toEmf } from '../../lambda/emf';
import { sighting } from '../support/sightings';
import { type EmfDocument, metricsOf } from './emf-problems';

const page = readFileSync(path.join(__dirname, '../../docs/emitter.md'), 'utf8');
/** By field: which of the three it is said to be. */
const documented = new Map(
  [...page.matchAll(/^\| `(\w+)` +\| ([\w ]*?) *\|/gm)].map(([, field, kind]) => [field, kind]),
);

const lag = { seconds: 1, bytes: 2 };
/** What together has every field. */
const SAMPLES: readonly Sample[] = [
  {
    member: 'blue',
    state: { kind: 'disconnected', lag, reason: 'no WAL receiver' },
    lag,
    atLeast: true,
    sighting: sighting(),
    server: { connections: 1, maxConnections: 2, slot: { name: 'slot', lagBytes: 3 } },
  },
  { member: 'green', state: { kind: 'serving', lag }, lag, sighting: sighting(), server: { failure: 'refused' } },
];

function emitted(options: EmfOptions = {}): EmfDocument[] {
  const fleet = { fleet: 'orders', environment: 'test', topology: 'instances' } as const;
  return SAMPLES.map((sample) => toEmf(fleet, sample, 0, options) as unknown as EmfDocument);
}

test('the page names every field of a document, and no other', () => {
  const fields = new Set(emitted().flatMap((document) => Object.keys(document)));
  fields.delete('_aws');
  expect([...documented.keys()].sort()).toEqual([...fields].sort());
});

test('it tells which are metrics, and which are when they are asked for', () => {
  const of = (kind: string) => [...documented].flatMap(([field, is]) => (is === kind ? [field] : [])).sort();
  const byDefault = new Set(emitted().flatMap(metricsOf));
  const all = new Set(emitted({ serverMetrics: true }).flatMap(metricsOf));
  expect(of('yes')).toEqual([...byDefault].sort());
  expect(of('if asked for')).toEqual([...all].filter((name) => !byDefault.has(name)).sort());
  expect(of('dimension').sort()).toEqual([...(emitted()[0]?._aws.CloudWatchMetrics[0]?.Dimensions[0] ?? [])].sort());
});
