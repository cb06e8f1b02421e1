import Ajv from 'ajv';
import schema from './emf-schema.json';

/** A document in CloudWatch's Embedded Metric Format, as the emitter writes it. */
export interface EmfDocument {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly {
        readonly Name: string;
        readonly Unit: string;
        readonly StorageResolution?: number;
      }[];
    }[];
  };
  readonly Member: string;
  readonly state: string;
  readonly [field: string]: unknown;
}

const validate = new Ajv().compile(schema);
const MOST_BYTES = 256 * 1_024;

/**
 * What CloudWatch would refuse in a line of the log: by AWS's schema, and by what the specification says in words. A metric must be a number
 * on the root, a dimension a text there.
 */
export function emfProblems(line: string): string[] {
  const document = JSON.parse(line) as EmfDocument;
  if (!validate(document))
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  return [
    ...(Buffer.byteLength(line) > MOST_BYTES ? ['longer than 256 KB'] : []),
    ...document._aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) => [
      ...Metrics.filter(({ Name }) => !Number.isFinite(document[Name])).map(({ Name }) => `metric ${Name}: no number`),
      ...Dimensions.flat()
        .filter((name) => typeof document[name] !== 'string')
        .map((name) => `dimension ${name}: no text`),
    ]),
  ];
}

/** Names of the metrics that CloudWatch makes of a document. */
export function metricsOf(document: EmfDocument): string[] {
  return document._aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
}
