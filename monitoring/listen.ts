import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Decision, FleetEvents, Outcome, StatementEnd } from '../lib';

/** An event of a fleet, as `fleet.on()` tells it, with its name. */
export type FleetEvent = {
  readonly [Event in keyof FleetEvents]: { readonly event: Event } & FleetEvents[Event][0];
}[keyof FleetEvents];

/** What one fleet tells. */
export interface Hears {
  decision?(decision: Decision): void;
  outcome?(outcome: Outcome): void;
  statement?(end: StatementEnd): void;
  event?(event: FleetEvent): void;
}

interface Named {
  readonly fleet: string;
  readonly environment: string;
}

/**
 * Hears what is told of one fleet in this process, by its name. Two connections to one fleet are one to whoever measures.
 *
 * @returns ends it
 */
export function listen({ fleet, environment }: Named, hears: Hears): () => void {
  const ends = Object.entries(hears).map(([channel, hear]) => {
    const name = `readfleet:${channel}`;
    const listener = (message: unknown) => {
      const named = message as Named;
      if (named.fleet === fleet && named.environment === environment)
        (hear as (message: unknown) => void).call(hears, message);
    };
    subscribe(name, listener);
    return () => unsubscribe(name, listener);
  });
  return () => {
    for (const end of ends) end();
  };
}
