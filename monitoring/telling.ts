import type { MemberState } from '../lib';
import { messageOf } from '../lib/errors';
import type { FleetEvent } from './listen';
import type { Told } from './view';

/** What an event is to people. */
export type Words = Pick<Told, 'tone' | 'text'>;

type EventOf<Name extends FleetEvent['event']> = Extract<FleetEvent, { readonly event: Name }>;

/** Events that come with single reads, many a second when something is wrong: told together, by {@link Bursts}. */
export type BurstEvent = EventOf<'fallback' | 'shed' | 'hedge'>;
export type SingleEvent = Exclude<FleetEvent, BurstEvent>;

const TELLERS: { readonly [Name in SingleEvent['event']]: (event: EventOf<Name>) => Words } = {
  state: ({ member, from, to }) => {
    const { tone, text } = stateWords(from, to);
    return { tone, text: `${member} ${text}` };
  },
  learned: ({ text, reason }) => ({
    tone: 'neutral',
    text: `A standby refused a statement that was taken for a read; from now on it goes to the primary: ${withoutValues(text)} (${reason})`,
  }),
  breaker: ({ member, to }) => {
    if (to.kind === 'closed') return { tone: 'good', text: `${member}: its breaker is closed` };
    if (to.kind === 'half-open') return { tone: 'neutral', text: `${member}: its breaker lets reads through on trial` };
    return { tone: 'bad', text: `${member}: its breaker ${to.forced ? 'was opened by hand' : 'opened'}` };
  },
  failover: ({ from, to, reason }) => ({ tone: 'bad', text: `${to} is the primary now, after ${from}: ${reason}` }),
  leaderless: ({ reason }) => ({ tone: 'bad', text: `There is no primary: ${reason}` }),
  flags: ({ allOff, endpoints }) => ({ tone: 'neutral', text: flagsText(allOff, endpoints) }),
  contract: ({ added, removed }) => ({
    tone: 'neutral',
    text: `Another contract was taken: ${
      [added.length > 0 && `${added.join(', ')} came`, removed.length > 0 && `${removed.join(', ')} went`]
        .filter((part) => part !== false)
        .join('; ') || 'the same members'
    }`,
  }),
  trouble: ({ what, error }) => ({
    tone: 'bad',
    text: `Trouble with ${what}: ${messageOf(error)}. It is tried again.`,
  }),
  closed: () => ({ tone: 'neutral', text: 'The fleet is closed' }),
};

/** An event in words. */
export function tellEvent(event: SingleEvent): Words {
  // TypeScript does not see that the table has, under each name, a function for the event of that name.
  const tell = TELLERS[event.event] as (event: SingleEvent) => Words;
  return tell(event);
}

function stateWords(from: MemberState, to: MemberState): Words {
  switch (to.kind) {
    case 'joining':
      return { tone: 'neutral', text: 'joins' };
    case 'serving':
      return { tone: 'good', text: from.kind === 'joining' ? 'serves' : 'serves again' };
    case 'lagging':
      return {
        tone: 'bad',
        text: Number.isFinite(to.lag?.seconds) ? `lags ${to.lag?.seconds.toFixed(1)} s behind` : 'lags behind',
      };
    case 'disconnected':
      return { tone: 'bad', text: `receives nothing from the primary: ${to.reason}` };
    case 'ejected':
      return { tone: 'bad', text: `is left out: ${to.reason}` };
    case 'draining':
      return { tone: 'neutral', text: 'takes nothing new: it is drained' };
    case 'gone':
      return { tone: 'neutral', text: 'left the fleet' };
    case 'promoted':
      return { tone: 'bad', text: 'was promoted: what it holds is no longer the primary’s' };
    case 'writing':
      return { tone: 'neutral', text: 'is the server behind the primary’s name now' };
    case 'demoted':
      return { tone: 'bad', text: 'is in recovery: it takes no writes' };
    case 'fenced':
      return { tone: 'neutral', text: `is fenced: ${to.reason}` };
  }
}

export function flagsText(
  allOff: boolean,
  endpoints: readonly { readonly endpoint: string; readonly enabled: boolean; readonly percent: number }[],
): string {
  if (allOff) return 'All endpoints are switched off: every read goes to the primary';
  const limited = endpoints
    .filter(({ percent }) => percent < 100)
    .map(({ endpoint, enabled, percent }) => (enabled ? `${endpoint} at ${percent} %` : `${endpoint} off`));
  return limited.length > 0 ? `Endpoints: ${limited.join(', ')}` : 'Endpoints: all on';
}

const LONGEST_STATEMENT = 200;

/** A statement without its literals: those may be anybody's data, and who may see the fleet need not be allowed to see that. */
export function withoutValues(text: string): string {
  const bare = text
    .replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, '…')
    .replace(/'(?:[^'\\]|''|\\[\s\S])*'?/g, '…')
    .replace(/(?<![\w$])\d[\d.]*/g, '…')
    .replace(/\s+/g, ' ')
    .trim();
  return bare.length > LONGEST_STATEMENT ? `${bare.slice(0, LONGEST_STATEMENT - 1)}…` : bare;
}
