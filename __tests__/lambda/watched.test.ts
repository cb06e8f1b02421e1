import type { Environment } from '../../constructs';
import { toEmf } from '../../lambda/emf';
import { emitterSettings } from '../../lambda/emitter-settings';
import { LAG_METRICS } from '../../lib/lag/metrics';
import { checked, checkedCluster } from '../constructs/support/environments';
import { type Synthesised, synthesise } from '../constructs/support/synth';
import { sighting } from '../support/sightings';
import { type EmfDocument, emfProblems } from './emf-problems';
import { measureOf, neverConnects } from './support';

/** A metric as CloudWatch tells it apart from others. */
interface Named {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What the deployed function emits, its variables being those of the stack. */
async function emitted(stack: Synthesised): Promise<Named[]> {
  const { variables } = stack.one('aws_lambda_function', 'emitter').environment as {
    variables: Record<string, string>;
  };
  // Hosts are expressions of Terraform, whose quotes are not JSON's.
  const text = (variables.READFLEET_CONTRACT ?? '').replace(/\$\{[^}]*\}/g, 'host.example');
  const { contract, ...settings } = emitterSettings({ ...variables, READFLEET_CONTRACT: text });
  const measure = measureOf(contract, {
    configOf: neverConnects,
    probeOf: ({ name }) => ({
      ask: async () => sighting({ recovering: name !== contract.writer.name }),
      close: () => undefined,
    }),
  });
  const documents = (await measure.take()).map(
    (sample) => toEmf(contract, sample, 0, settings) as unknown as EmfDocument,
  );
  measure.close();
  expect(documents.flatMap((document) => emfProblems(JSON.stringify(document)))).toEqual([]);
  return documents.flatMap((document) =>
    document._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
      Dimensions.flatMap((names) =>
        Metrics.map(({ Name }) => ({
          namespace: Namespace,
          name: Name,
          dimensions: Object.fromEntries(names.map((name) => [name, String(document[name])])),
        })),
      ),
    ),
  );
}

/** Our own metrics that alarms look at, by themselves or within an expression. */
function alarmed({ resource }: Synthesised): Named[] {
  const alarms = Object.values(resource.aws_cloudwatch_metric_alarm ?? {});
  const queries = alarms.flatMap(
    ({ metric_query: list }) => (list ?? []) as readonly { metric?: Record<string, unknown> }[],
  );
  const all = [...alarms, ...queries.flatMap(({ metric }) => (metric ? [metric] : []))] as Record<string, unknown>[];
  return all
    .filter(({ namespace }) => namespace === 'Readfleet')
    .map(({ namespace, metric_name: name, dimensions }) => ({ namespace, name, dimensions }) as Named);
}

const key = ({ namespace, name, dimensions }: Named) =>
  [
    namespace,
    name,
    ...Object.entries(dimensions)
      .map(([dimension, value]) => `${dimension}=${value}`)
      .sort(),
  ].join(' ');
const keys = (metrics: readonly Named[]) => [...new Set(metrics.map(key))].sort();

const ENVIRONMENTS: readonly (readonly [string, Environment])[] = [
  ['instances', checked({ replicas: { blue: { zone: 'eu-central-1a' }, green: { zone: 'eu-central-1b' } } })],
  ['a Multi-AZ cluster', checkedCluster()],
];

describe.each(ENVIRONMENTS)('of %s', (_, environment) => {
  const stack = synthesise(environment);

  test('every metric that an alarm looks at is one that the function emits, with the same dimensions', async () => {
    const known = keys(await emitted(stack));
    expect(alarmed(stack).length).toBeGreaterThan(0);
    expect(keys(alarmed(stack)).filter((metric) => !known.includes(metric))).toEqual([]);
  });

  test('what it emits and no alarm looks at is the distance in bytes alone, which the dashboard shows', async () => {
    const watched = keys(alarmed(stack));
    const others = (await emitted(stack)).filter((metric) => !watched.includes(key(metric)));
    expect([...new Set(others.map(({ name }) => name))]).toEqual([LAG_METRICS.bytes]);
    const { dashboard_body: body } = stack.one('aws_cloudwatch_dashboard', 'fleet');
    for (const { name, dimensions } of others) {
      expect(body).toContain(name);
      expect(body).toContain(dimensions.Member);
    }
  });

  test('no alarm names a unit: it would see nothing once the unit is another', () => {
    for (const alarm of Object.values(stack.resource.aws_cloudwatch_metric_alarm ?? {}))
      expect(alarm).not.toHaveProperty('unit');
  });
});
