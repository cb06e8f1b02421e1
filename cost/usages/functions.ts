import { type Deployment, ofType, type Resource } from '../deployment';
import { HOURS_PER_MONTH, several, type Usage } from '../usage';

const INVOCATIONS = HOURS_PER_MONTH * 60;
/** What one sample takes beside waiting, connections being kept. */
const SAMPLE_SECONDS = 1;
/** Of the primary there is the health; of each reader the lag in seconds and in bytes as well. */
const METRICS = { writer: 1, reader: 3 } as const;
/** A record of metrics as the emitter writes it, with what CloudWatch adds to each. */
const RECORD_BYTES = 530;
const GIB = 2 ** 30;

/**
 * The emitter: it is called each minute, and waits between its samples, so that it runs most of the month.
 *
 * The bootstrap runs once in a deployment, which is nothing.
 */
export function functionUsages(deployment: Deployment): Usage[] {
  return ofType(deployment, 'aws_lambda_function').flatMap((lambda) => {
    const every = sampleSeconds(lambda);
    return every === undefined ? [] : emitterUsages(deployment, lambda, every);
  });
}

function emitterUsages({ readers }: Deployment, { region, attributes }: Resource, every: number): Usage[] {
  const memoryGiB = Number(attributes.memory_size) / 1_024;
  const samples = Math.max(1, Math.floor(60 / every));
  // The first sample is at once; from the last to the next invocation nothing runs.
  const seconds = (samples - 1) * every + SAMPLE_SECONDS;
  const records = INVOCATIONS * samples * (1 + readers);
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
      quantity: METRICS.writer + METRICS.reader * readers,
      unit: '',
      price: 'metric',
    },
    {
      part,
      region,
      what: 'lag emitter, logs',
      detail: `a sample each ${every} s`,
      quantity: (records * RECORD_BYTES) / GIB,
      unit: 'GiB',
      price: 'log-gib',
    },
  ];
}

/** What only the emitter is told. */
function sampleSeconds(lambda: Resource): number | undefined {
  const seconds = Number(variablesOf(lambda).READFLEET_SAMPLE_SECONDS);
  return seconds > 0 ? seconds : undefined;
}

function variablesOf({ attributes }: Resource): Readonly<Record<string, string>> {
  return (
    (attributes.environment as { readonly variables?: Readonly<Record<string, string>> } | undefined)?.variables ?? {}
  );
}
