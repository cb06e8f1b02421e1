import { type Deployment, ofType, type Resource } from '../deployment';
import { HOURS_PER_MONTH, several, type Usage } from '../usage';

const INVOCATIONS = HOURS_PER_MONTH * 60;
/** From the last sample's turn to the end: what it takes, connections being kept, and half a second by which samples are late by chance. */
const SAMPLE_SECONDS = 1;
/** Of the primary there is the health; of each reader the lag in seconds and in bytes as well. */
const METRICS = { writer: 1, reader: 3 } as const;
/** Timeline, connections and slot of each; of a reader also whether it receives. */
const SERVER_METRICS = { writer: 3, reader: 4 } as const;
/** A record as the emitter writes it, but for the definitions of its metrics, and with the 26 bytes that CloudWatch adds to each. */
const RECORD_BYTES = { writer: 464, reader: 540 } as const;
/** The definition of a metric in it, and what the resolution adds to that. */
const DEFINITION_BYTES = 46;
const RESOLUTION_BYTES = 22;
const GIB = 2 ** 30;

/**
 * The emitter: it is called each minute, and waits between its samples, so that it runs most of the month.
 *
 * The bootstrap runs once in a deployment, which is nothing.
 */
export function functionUsages(deployment: Deployment): Usage[] {
  return ofType(deployment, 'aws_lambda_function').flatMap((lambda) => {
    // What only the emitter is told.
    const every = Number(variablesOf(lambda).READFLEET_SAMPLE_SECONDS);
    return every > 0 ? emitterUsages(deployment, lambda, every) : [];
  });
}

function emitterUsages({ readers }: Deployment, lambda: Resource, every: number): Usage[] {
  const { region, attributes } = lambda;
  const memoryGiB = Number(attributes.memory_size) / 1_024;
  const samples = Math.max(1, Math.floor(60 / every));
  // The first sample is at once; from the last to the next invocation nothing runs.
  const seconds = (samples - 1) * every + SAMPLE_SECONDS;
  const emitted = emittedOf(lambda);
  const part = 'functions';
  return [
    {
      part,
      region,
      what: 'lag emitter',
      detail: `${seconds} s of each minute`,
      quantity: INVOCATIONS * seconds * memoryGiB,
      unit: 'GB-s',
      price: 'lambda-gb-second',
    },
    {
      part,
      region,
      what: 'lag emitter, calls',
      quantity: INVOCATIONS / 1e6,
      unit: 'million',
      price: 'lambda-million-requests',
    },
    {
      part,
      region,
      what: 'lag metrics',
      detail: `primary and ${several(readers, 'reader')}`,
      quantity: emitted.writer.metrics + emitted.reader.metrics * readers,
      unit: '',
      price: 'metric',
    },
    {
      part,
      region,
      what: 'lag emitter, logs',
      detail: `a sample each ${every} s`,
      quantity: (INVOCATIONS * samples * (emitted.writer.bytes + emitted.reader.bytes * readers)) / GIB,
      unit: 'GiB',
      price: 'log-gib',
    },
  ];
}

/** Metrics of a member, and bytes of each of its records. */
function emittedOf(lambda: Resource) {
  const { READFLEET_SERVER_METRICS, READFLEET_HIGH_RESOLUTION } = variablesOf(lambda);
  const definition = DEFINITION_BYTES + (READFLEET_HIGH_RESOLUTION === 'true' ? RESOLUTION_BYTES : 0);
  const of = (role: 'writer' | 'reader') => {
    const metrics = METRICS[role] + (READFLEET_SERVER_METRICS === 'true' ? SERVER_METRICS[role] : 0);
    return { metrics, bytes: RECORD_BYTES[role] + metrics * definition };
  };
  return { writer: of('writer'), reader: of('reader') };
}

function variablesOf({ attributes }: Resource): Readonly<Record<string, string>> {
  return (
    (attributes.environment as { readonly variables?: Readonly<Record<string, string>> } | undefined)?.variables ?? {}
  );
}
