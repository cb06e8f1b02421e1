import { checkReadOptions } from '../check-options';
import type { Consistency, ReadOptions, Settings } from '../options';
import type { Session } from '../session/session';
import type { Flags } from './flags';
import type { Policy, ToPrimary } from './policy';

/** What a read is sure to ask for, before flags and session have their say. */
type Asked = Omit<Policy, 'toPrimary' | 'session'> & { readonly consistency: Required<ReadOptions>['consistency'] };

/**
 * Makes of what a call says, what its endpoint says and the fleet's defaults, one policy: the nearest to the call wins.
 *
 * A read that says nothing gets an object that was made once.
 */
export class PolicyResolver {
  private readonly byEndpoint = new Map<string | undefined, Asked>();
  private readonly plain: Policy;

  constructor(
    private readonly settings: Settings,
    private readonly flags: Flags,
  ) {
    // Given only while no switch touches it.
    this.plain = { ...this.unsaid(undefined), toPrimary: settings.consistency === 'strong' ? 'strong' : undefined };
  }

  /**
   * @param session the one that the caller is in
   * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`
   */
  resolve(read: ReadOptions | undefined, session: Session | undefined): Policy {
    if (read === undefined) {
      if (session === undefined && !this.flags.touchNameless) return this.plain;
      return this.unsaid(session);
    }
    checkReadOptions(read);
    const defaults = this.defaultsOf(read.endpoint);
    const consistency = read.consistency ?? defaults.consistency;
    // Written out, here and below: to spread an object would cost more than all else on the way of a read.
    return {
      endpoint: read.endpoint,
      maxStalenessMs: read.maxStalenessMs ?? defaults.maxStalenessMs,
      explicit: read.maxStalenessMs !== undefined || defaults.explicit,
      toPrimary: this.toPrimary(consistency, read.endpoint, read.rolloutKey),
      priority: read.priority ?? defaults.priority,
      timeoutMs: read.timeoutMs ?? defaults.timeoutMs,
      attemptTimeoutMs: read.attemptTimeoutMs ?? defaults.attemptTimeoutMs,
      signal: read.signal,
      hedge: read.hedge ?? defaults.hedge,
      session: consistency === 'eventual' ? undefined : session,
    };
  }

  /** Of a read that says nothing. */
  private unsaid(session: Session | undefined): Policy {
    const defaults = this.defaultsOf(undefined);
    const { consistency } = defaults;
    return {
      endpoint: undefined,
      maxStalenessMs: defaults.maxStalenessMs,
      explicit: defaults.explicit,
      toPrimary: this.toPrimary(consistency, undefined, undefined),
      priority: defaults.priority,
      timeoutMs: defaults.timeoutMs,
      attemptTimeoutMs: defaults.attemptTimeoutMs,
      signal: undefined,
      hedge: defaults.hedge,
      // A strong read need not heed what its session saw, but is seen by it.
      session: consistency === 'eventual' ? undefined : session,
    };
  }

  private toPrimary(
    consistency: Consistency,
    endpoint: string | undefined,
    key: string | undefined,
  ): ToPrimary | undefined {
    return consistency === 'strong' ? 'strong' : this.flags.refusal(endpoint, key, this.settings.random);
  }

  private defaultsOf(endpoint: string | undefined): Asked {
    const known = this.byEndpoint.get(endpoint);
    if (known) return known;
    const { settings } = this;
    // Names come from the app's code, yet a name made of a request's data must not fill the memory: only what was configured is kept.
    const own =
      endpoint !== undefined && Object.hasOwn(settings.endpoints, endpoint) ? settings.endpoints[endpoint] : undefined;
    if (endpoint !== undefined && !own) return this.defaultsOf(undefined);
    const asked: Asked = {
      endpoint,
      maxStalenessMs: own?.maxStalenessMs ?? settings.maxStalenessMs,
      explicit: own?.maxStalenessMs !== undefined,
      consistency: own?.consistency ?? settings.consistency,
      priority: own?.priority ?? 'normal',
      timeoutMs: own?.timeoutMs ?? settings.timeoutMs,
      attemptTimeoutMs: own?.attemptTimeoutMs,
      hedge: own?.hedge ?? false,
      signal: undefined,
    };
    this.byEndpoint.set(endpoint, asked);
    return asked;
  }
}
