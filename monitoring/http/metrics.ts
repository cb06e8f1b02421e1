import { type Fleet, ReadfleetError } from '../../lib';
import { fleetRegistry } from '../prometheus';
import type { TextAnswer } from './exchange';
import type { MetricsText } from './options';
import { HttpProblem } from './problem';

/**
 * What answers /metrics.
 *
 * @param metrics undefined for the fleet's own registry, which counts from now on
 */
export function metricsView(fleet: Fleet, metrics: MetricsText | false | undefined): () => Promise<TextAnswer> {
  if (metrics === false) {
    return refusing(
      404,
      'READFLEET_HTTP_NO_METRICS',
      'Metrics are switched off: monitoringHandler() was given metrics: false.',
    );
  }
  const registry = metrics ?? ownRegistry(fleet);
  if (registry === undefined) {
    return refusing(
      501,
      'READFLEET_PEER_MISSING',
      'Metrics need prom-client, which is not installed: npm install prom-client. Or give monitoringHandler() `metrics`.',
    );
  }
  return async () => ({
    status: 200,
    headers: { 'content-type': registry.contentType },
    body: await registry.metrics(),
  });
}

function refusing(status: number, code: string, message: string): () => Promise<never> {
  return () => Promise.reject(new HttpProblem(status, code, message));
}

function ownRegistry(fleet: Fleet): MetricsText | undefined {
  try {
    return fleetRegistry(fleet);
  } catch (error) {
    // An optional peer: to be without it is no fault, and is told to whoever asks for metrics.
    if (ReadfleetError.is(error) && error.code === 'READFLEET_PEER_MISSING') return undefined;
    throw error;
  }
}
