import type { MemberView, StateKind } from '../../view';
import { duration } from './format';

/** How something is to be taken: `good` and `info` ask nothing of anybody, `warn` may wait for the morning, `bad` may not. */
export type Tone = 'good' | 'info' | 'warn' | 'bad';

const TONES: Record<StateKind, Tone> = {
  joining: 'info',
  serving: 'good',
  lagging: 'warn',
  disconnected: 'warn',
  ejected: 'bad',
  draining: 'info',
  gone: 'info',
  promoted: 'bad',
  writing: 'info',
  demoted: 'bad',
  fenced: 'info',
};

const WORDS: Record<StateKind, string> = {
  joining: 'Joining',
  serving: 'Serving',
  lagging: 'Lagging',
  disconnected: 'Disconnected',
  ejected: 'Ejected',
  draining: 'Draining',
  gone: 'Gone',
  promoted: 'Promoted',
  writing: 'Writing',
  demoted: 'Demoted',
  fenced: 'Fenced',
};

const WHY: Partial<Record<StateKind, string>> = {
  joining: 'has not answered yet',
  draining: 'takes nothing new',
  gone: 'was removed from the fleet',
  promoted: 'left recovery; no longer the data of the primary',
  writing: 'is the primary at present',
  demoted: 'is in recovery: takes no writes',
};

export function toneOf({ state }: MemberView): Tone {
  return TONES[state];
}

export function stateWord({ state }: MemberView): string {
  return WORDS[state];
}

/** Why it is in that state, in words; empty where there is nothing to say. */
export function whyOf({ state, reason, lag, role }: MemberView): string {
  if (reason) return reason;
  if (state === 'serving') return role === 'primary' ? 'takes writes' : '';
  if (state !== 'lagging') return WHY[state] ?? '';
  const seconds = lag?.seconds;
  return typeof seconds === 'number' ? `${duration(seconds)} behind` : 'how far is not known';
}

/** The member that takes writes, or should. After a failover the primary of before is among the members too, fenced. */
export function writerOf(members: readonly MemberView[]): MemberView | undefined {
  return members.find(({ role, state }) => role === 'primary' && state !== 'fenced' && state !== 'gone');
}

export function replicasOf(members: readonly MemberView[]): readonly MemberView[] {
  return members.filter(({ role, state }) => role === 'replica' && state !== 'gone' && state !== 'writing');
}

/** What tells a member apart: after a failover one server can be two members, of which one is fenced. */
export function keyOf({ name, role }: MemberView): string {
  return `${role} ${name}`;
}
