import { type Fleet, ReadfleetError } from '../../lib';
import { listen } from '../listen';
import { type Reading, readGauges } from './gauges';
import type { Labels, Sink } from './instruments';
import { type Observations, observations } from './observations';
import type { MetricsSettings } from './options';

/** What is asked of a fleet. */
export type Metered = Pick<Fleet, 'status' | 'on' | 'off'>;

/** All connections to one fleet: they are counted together, since what is told carries the fleet's name and no more. */
interface Source extends Observations {
  readonly base: Labels;
  /** The first one shows the gauges. */
  readonly fleets: Map<Metered, () => void>;
  stopListening: () => void;
}

/**
 * Measures fleets into one registry or one meter: counts what they tell, and reads their gauges when it is asked to. Has no timer.
 *
 * @param owner for errors: what the instruments belong to
 */
export class Meter {
  private readonly sources = new Map<string, Source>();

  constructor(
    private readonly sink: Sink,
    private readonly settings: Pick<MetricsSettings, 'buckets' | 'defaultLabels'>,
    private readonly owner: string,
  ) {}

  /**
   * From now on until {@link stop}, or until the fleet is closed. A fleet that is measured already goes on as it is.
   *
   * @throws ReadfleetError `READFLEET_METRICS_DIFFER` when the instruments were made otherwise
   */
  start(fleet: Metered, settings: MetricsSettings): void {
    this.refuseOther(settings);
    const source = this.sourceOf(fleet, settings);
    if (source.fleets.has(fleet)) return;
    const stop = () => this.stop(fleet);
    fleet.on('closed', stop);
    if (source.fleets.size === 0) source.stopListening = listen(nameOf(source.base), source.hears);
    source.fleets.set(fleet, () => fleet.off('closed', stop));
  }

  /** Its gauges are gone; its counters stay as they are, and go on should it be measured again. */
  stop(fleet: Metered): void {
    for (const source of this.sources.values()) {
      const forget = source.fleets.get(fleet);
      if (!forget) continue;
      forget();
      source.fleets.delete(fleet);
      if (source.fleets.size === 0) source.stopListening();
    }
  }

  /** The gauges of all fleets, as of now. */
  read(): readonly Reading[] {
    return [...this.sources.values()].flatMap(({ base, fleets, endpoints }) => {
      const [fleet] = fleets.keys();
      if (!fleet) return [];
      return readGauges(fleet.status(), endpoints).map((reading) => ({
        ...reading,
        labels: { ...base, ...reading.labels },
      }));
    });
  }

  private sourceOf(fleet: Metered, { maxEndpoints, defaultLabels }: MetricsSettings): Source {
    const { fleet: name, environment, flags } = fleet.status();
    const key = JSON.stringify([name, environment]);
    const known = this.sources.get(key);
    if (known) return known;
    const base = { ...defaultLabels, fleet: name, environment };
    const observed = observations(this.sink, base, maxEndpoints);
    // Those that the app named when it connected come before what it happens to read first.
    for (const { endpoint } of flags.endpoints) observed.endpoints.of(endpoint);
    const source: Source = { ...observed, base, fleets: new Map(), stopListening: () => undefined };
    this.sources.set(key, source);
    return source;
  }

  private refuseOther({ buckets, defaultLabels }: MetricsSettings): void {
    if (shapeOf({ buckets, defaultLabels }) === shapeOf(this.settings)) return;
    throw new ReadfleetError(
      'READFLEET_METRICS_DIFFER',
      `${this.owner} measures another fleet already, with other buckets or other names of default labels, and a metric has one set of them. ` +
        `Give the same, or another ${this.owner.replace(/^the /, '')}.`,
    );
  }
}

function shapeOf({ buckets, defaultLabels }: Pick<MetricsSettings, 'buckets' | 'defaultLabels'>): string {
  const { calls, statements, decisions } = buckets;
  return JSON.stringify([calls, statements, decisions, Object.keys(defaultLabels).sort()]);
}

function nameOf({ fleet, environment }: Labels): { readonly fleet: string; readonly environment: string } {
  return { fleet: fleet as string, environment: environment as string };
}
