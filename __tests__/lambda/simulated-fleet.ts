import type { Sample } from '../../lambda/emf';
import type { EmitterContract } from '../../lambda/emitter-contract';
import { measureThrough } from '../../lambda/invocation';
import { Measure, type MeasureOptions } from '../../lambda/measure';
import type { Servers } from '../../lambda/servers';
import type { Sighting } from '../../lib/lag/sighting';
import { ManualClock } from '../support/manual-clock';
import { sighting } from '../support/sightings';
import { neverConnects } from './support';

/** From a question to its answer, in milliseconds; the server looks halfway. */
export const ROUND_TRIP_MS = 4;
/** Between two invocations, in milliseconds. */
const MINUTE_MS = 60_000;
/** Each write comes so many milliseconds after the one before. */
const WRITE_EVERY_MS = 10;

export const CONTRACT: EmitterContract = {
  fleet: 'orders',
  environment: 'test',
  topology: 'instances',
  database: 'orders',
  tls: 'disable',
  auth: { kind: 'password', user: 'postgres', password: 'secret' },
  lag: { criticalSeconds: 5 },
  writer: { name: 'primary', host: 'primary.example', port: 5432 },
  readers: [{ name: 'blue', host: 'blue.example', port: 5432 }],
};

/** What was emitted of the replica, and when. */
export interface Emitted extends Sample {
  /** When the sample was emitted, in milliseconds of the fleet's clock. */
  readonly emittedAt: number;
}

/** A primary that writes steadily and a replica `blue`, on a clock of their own, under the emitter's eyes. */
export class SimulatedFleet {
  readonly clock = new ManualClock();
  /** How many questions the replica was asked. */
  questions = 0;
  /** What the replica shows: the primary as it was at this moment. */
  shows: (now: number) => number;
  /** When the primary writes for the last time. */
  writesUntil = Number.POSITIVE_INFINITY;
  /** How long the primary lets wait for an answer. */
  answersAfterMs = ROUND_TRIP_MS;
  /** What servers say beside; nothing by default. */
  servers: Pick<Servers, 'take'> = { take: async () => new Map() };
  private readonly measure: Measure;

  constructor(lagMs: number, options: Partial<MeasureOptions> = {}) {
    this.shows = (now) => now - lagMs;
    this.measure = new Measure(CONTRACT, {
      clock: this.clock,
      random: () => 0.5,
      configOf: neverConnects,
      probeOf: ({ name }) => ({ ask: () => this.answer(name), close: () => undefined }),
      ...options,
    });
  }

  /** Runs an invocation to its end, and lets time pass until the next one is due. @returns what was emitted of the replica */
  async invoke(sampleSeconds = 10): Promise<Emitted[]> {
    const begin = this.clock.now();
    const emitted: Emitted[] = [];
    let isDone = false;
    const emit = (samples: readonly Sample[]) => {
      const blue = samples.find(({ member }) => member === 'blue') as Sample;
      emitted.push({ ...blue, emittedAt: this.clock.now() });
    };
    const sampling = {
      everyMs: sampleSeconds * 1_000,
      clock: this.clock,
      remainingMs: () => begin + MINUTE_MS - this.clock.now(),
    };
    const invocation = measureThrough({ measure: this.measure, servers: this.servers }, emit, sampling).finally(() => {
      isDone = true;
    });
    while (!isDone) await this.clock.advance(ROUND_TRIP_MS);
    await invocation;
    await this.clock.advance(begin + MINUTE_MS - this.clock.now());
    return emitted;
  }

  private async answer(name: string): Promise<Sighting> {
    const at = this.clock.now();
    const isPrimary = name === 'primary';
    const tripMs = isPrimary ? this.answersAfterMs : ROUND_TRIP_MS;
    if (!isPrimary) this.questions += 1;
    await this.pass(tripMs / 2);
    const shown = isPrimary ? this.clock.now() : this.shows(this.clock.now());
    const lsn = positionAt(Math.min(shown, this.writesUntil));
    await this.pass(tripMs / 2);
    return sighting({ at, lsn, recovering: !isPrimary, receiving: !isPrimary });
  }

  private pass(ms: number): Promise<void> {
    return new Promise((resolve) => this.clock.after(ms, resolve));
  }
}

/** Where the primary's log stood at `moment`. It began to write long before the clock did. */
function positionAt(moment: number): bigint {
  return BigInt(Math.floor((moment + 10_000_000) / WRITE_EVERY_MS)) * 100n;
}
