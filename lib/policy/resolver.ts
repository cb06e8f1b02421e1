import { checkReadOptions } from '../check-options';
import type { ReadOptions, Settings } from '../options';
import type { Session } from '../session/session';
import type { Flags } from './flags';
import type { Policy } from './policy';

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
    this.plain = this.apply(this.defaultsOf(undefined), undefined, undefined);
  }

  /**
   * @param session the one that the caller is in
   * @throws InvalidConfigError `READFLEET_OPTIONS_INVALID`
   */
  resolve(read: ReadOptions | undefined, session: Session | undefined): Policy {
    if (read === undefined) {
      if (session === undefined && !this.flags.allOff) return this.plain;
      return this.apply(this.defaultsOf(undefined), session, undefined);
    }
    checkReadOptions(read);
    const defaults = this.defaultsOf(read.endpoint);
    const asked: Asked = {
      endpoint: read.endpoint,
      maxStalenessMs: read.maxStalenessMs ?? defaults.maxStalenessMs,
      explicit: read.maxStalenessMs !== undefined || defaults.explicit,
      consistency: read.consistency ?? defaults.consistency,
      priority: read.priority ?? defaults.priority,
      timeoutMs: read.timeoutMs ?? defaults.timeoutMs,
      attemptTimeoutMs: read.attemptTimeoutMs ?? defaults.attemptTimeoutMs,
      hedge: read.hedge ?? defaults.hedge,
      signal: read.signal,
    };
    return this.apply(asked, session, read.rolloutKey);
  }

  private apply({ consistency, ...asked }: Asked, session: Session | undefined, key: string | undefined): Policy {
    const refusal = this.flags.refusal(asked.endpoint, key, this.settings.random);
    return {
      ...asked,
      toPrimary: consistency === 'strong' ? 'strong' : refusal,
      // A strong read need not heed what its session saw, but is seen by it.
      session: consistency === 'eventual' ? undefined : session,
    };
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
