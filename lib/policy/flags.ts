import { InvalidConfigError } from '../errors';
import { formatProblems, type Problem } from '../problems';
import type { ToPrimary } from './policy';
import { shareOf } from './share';

/** Whether the reads of one endpoint may go to replicas. */
export interface EndpointFlag {
  readonly endpoint: string;
  readonly enabled: boolean;
  /** Percent of keys whose reads may go to replicas; 0 while disabled. */
  readonly percent: number;
}

/** A flag as it stands at the start. */
export interface FlagOptions {
  /** @default true */
  readonly enabled?: boolean;
  /** Percent, 0 to 100. @default 100 */
  readonly rollout?: number;
}

const ALL = 100;
/** Endpoints that no flag was set for, and reads of none. */
const EVERY_OTHER = '*';

/**
 * Switches that send reads to the primary at run time: of single endpoints, for a share of keys, and of everything.
 *
 * An endpoint that no flag was set for is as the flag `*` says, which also holds for reads of no endpoint; without that it is enabled. The switch of everything lies over the flags and leaves them as they are.
 */
export class Flags {
  private readonly flags = new Map<string, EndpointFlag>();
  private off = false;
  /** Whether any switch can refuse a read: all that a read costs while none can. */
  private refuses = false;
  private refusesNameless = false;

  /**
   * @internal use `fleet.flags`
   * @param onChange told after each change
   * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`, with every problem at once
   */
  constructor(
    initial: Readonly<Record<string, FlagOptions>>,
    private readonly onChange: () => void,
  ) {
    const problems = Object.entries(initial).flatMap(([endpoint, options]) => problemsOf(endpoint, options));
    refuse('flags', problems);
    for (const [endpoint, { enabled = true, rollout = ALL }] of Object.entries(initial)) {
      this.flags.set(endpoint, { endpoint, enabled, percent: enabled ? rollout : 0 });
    }
    this.look();
  }

  /**
   * All keys, whatever share had them before.
   *
   * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID` when the endpoint is no text
   */
  enable(endpoint: string): void {
    refuse('flags.enable()', endpointProblems(endpoint));
    this.set({ endpoint, enabled: true, percent: ALL });
  }

  /** @throws InvalidConfigError `READFLEET_OPTIONS_INVALID` when the endpoint is no text */
  disable(endpoint: string): void {
    refuse('flags.disable()', endpointProblems(endpoint));
    this.set({ endpoint, enabled: false, percent: 0 });
  }

  /**
   * Enables the endpoint for a share of keys. A key that is in stays in while the share grows, in every process.
   *
   * @param percent 0 to 100
   * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID` when the endpoint is no text or the percent no such number
   */
  rollout(endpoint: string, percent: number): void {
    refuse('flags.rollout()', [...endpointProblems(endpoint), ...percentProblems('percent', percent)]);
    this.set({ endpoint, enabled: true, percent });
  }

  /** Every read to the primary, also those of no endpoint, until {@link enableAll}. */
  disableAll(): void {
    this.switchOff(true);
  }

  /** Ends {@link disableAll}: each endpoint is again as its own flag says. */
  enableAll(): void {
    this.switchOff(false);
  }

  /** In the order in which they were first set. */
  list(): readonly EndpointFlag[] {
    return [...this.flags.values()];
  }

  /** Whether {@link disableAll} holds. */
  get allOff(): boolean {
    return this.off;
  }

  /** @internal Whether any switch can refuse a read of no endpoint. */
  get touchNameless(): boolean {
    return this.refusesNameless;
  }

  /**
   * Why a read must go to the primary, if it must.
   *
   * @internal
   * @param key    who or what is asked for, so that a share of a rollout stays the same one; without it each read is drawn anew
   * @param random in [0, 1)
   */
  refusal(
    endpoint: string | undefined,
    key: string | undefined,
    random: () => number,
  ): Exclude<ToPrimary, 'strong'> | undefined {
    if (!this.refuses) return undefined;
    if (this.off) return 'switched off';
    const flag = (endpoint === undefined ? undefined : this.flags.get(endpoint)) ?? this.flags.get(EVERY_OTHER);
    if (!flag || flag.percent === ALL) return undefined;
    if (!flag.enabled) return 'endpoint disabled';
    const share = key === undefined ? random() : shareOf(flag.endpoint, key);
    return share * ALL < flag.percent ? undefined : 'not in the rollout';
  }

  private set(flag: EndpointFlag): void {
    const before = this.flags.get(flag.endpoint);
    if (before?.enabled === flag.enabled && before.percent === flag.percent) return;
    this.flags.set(flag.endpoint, flag);
    this.look();
    this.onChange();
  }

  private switchOff(off: boolean): void {
    if (this.off === off) return;
    this.off = off;
    this.look();
    this.onChange();
  }

  private look(): void {
    this.refuses = this.off || this.list().some(({ percent }) => percent < ALL);
    this.refusesNameless = this.off || (this.flags.get(EVERY_OTHER)?.percent ?? ALL) < ALL;
  }
}

function problemsOf(endpoint: string, options: unknown): Problem[] {
  const path = `flags.${endpoint}`;
  if (typeof options !== 'object' || options === null) {
    return [problem(path, options, 'Must be an object.', 'Write e.g. { enabled: false } or { rollout: 25 }.')];
  }
  const { enabled, rollout } = options as { enabled?: unknown; rollout?: unknown };
  return [
    ...endpointProblems(endpoint),
    ...(enabled === undefined || typeof enabled === 'boolean'
      ? []
      : [problem(`${path}.enabled`, enabled, 'Must be true or false.')]),
    ...(rollout === undefined ? [] : percentProblems(`${path}.rollout`, rollout)),
  ];
}

function endpointProblems(endpoint: unknown): Problem[] {
  if (typeof endpoint === 'string' && endpoint !== '') return [];
  return [problem('endpoint', endpoint, 'Must be the name of an endpoint, as reads give it in `endpoint`.')];
}

function percentProblems(path: string, percent: unknown): Problem[] {
  if (typeof percent === 'number' && percent >= 0 && percent <= ALL) return [];
  return [problem(path, percent, 'Must be a number of percent, 0 to 100.', 'Write 25 for a quarter of all keys.')];
}

function problem(path: string, got: unknown, message: string, fix?: string): Problem {
  return { code: 'READFLEET_OPTIONS_INVALID', path, got, message, ...(fix ? { fix } : {}) };
}

function refuse(source: string, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw new InvalidConfigError('READFLEET_OPTIONS_INVALID', formatProblems(source, problems), problems);
}
