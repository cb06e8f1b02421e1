import type { ActionView, Hello, Moment, StateKind, StatusView, Told } from '../../view';
import type { Connection, Message } from './stream';

/** All that the page shows. */
export interface Model {
  /** Undefined until the first `hello`. */
  readonly status: StatusView | undefined;
  /** The oldest first. */
  readonly history: readonly Moment[];
  /** The oldest first. */
  readonly told: readonly Told[];
  readonly admin: boolean;
  readonly actions: readonly ActionView[];
  readonly connection: Connection;
  /** Monotonic milliseconds at which `status` came. */
  readonly receivedAt: number;
}

/** What counts as now, in seconds: shorter, rates jump; longer, what has ended a moment ago passes for the present. */
export const NOW = 3;
/** Ten minutes, a moment each second. */
export const MOST_MOMENTS = 600;
export const MOST_TOLD = 200;

export const EMPTY: Model = {
  status: undefined,
  history: [],
  told: [],
  admin: false,
  actions: [],
  connection: { kind: 'connecting' },
  receivedAt: 0,
};

/** The model after a message. @param now monotonic milliseconds */
export function heard(model: Model, message: Message, now: number): Model {
  switch (message.kind) {
    case 'hello':
      return { ...model, ...fromHello(message.hello), receivedAt: now };
    case 'tick': {
      const { status, moment } = message.tick;
      const history = [...model.history, moment].slice(-MOST_MOMENTS);
      return { ...model, status, history, receivedAt: now };
    }
    case 'told': {
      // A hello may have brought it already.
      const last = model.told[model.told.length - 1];
      if (last && message.told.id <= last.id) return model;
      return { ...model, told: [...model.told, message.told].slice(-MOST_TOLD) };
    }
  }
}

function fromHello({ status, history, told, admin, actions }: Hello) {
  return { status, history: history.slice(-MOST_MOMENTS), told: told.slice(-MOST_TOLD), admin, actions };
}

/** The server's time now, by its last word and our clock: clocks may differ, and what is shown is told in the server's. */
export function serverNow({ status, receivedAt }: Model, now: number): number {
  return (status?.at ?? 0) + (now - receivedAt);
}

/** The moments of the last `seconds` before the newest. */
export function latest(history: readonly Moment[], seconds: number): readonly Moment[] {
  const end = history[history.length - 1]?.at ?? 0;
  return history.filter(({ at }) => at > end - seconds * 1_000);
}

export interface Totals {
  readonly seconds: number;
  readonly replica: number;
  readonly primary: number;
  readonly fallback: number;
  readonly reads: number;
  readonly writes: number;
  readonly failed: number;
  readonly shed: number;
  readonly longestReadMs: number;
  /** By member. */
  readonly members: Readonly<Record<string, number>>;
}

/** What happened in these moments, together. */
export function totals(moments: readonly Moment[]): Totals {
  const sum = (of: (moment: Moment) => number) => moments.reduce((total, moment) => total + of(moment), 0);
  const members: Record<string, number> = {};
  for (const moment of moments)
    for (const [name, { reads }] of Object.entries(moment.members)) members[name] = (members[name] ?? 0) + reads;
  const replica = sum((moment) => moment.replica);
  const primary = sum((moment) => moment.primary);
  const fallback = sum((moment) => moment.fallback);
  return {
    seconds: Math.max(moments.length, 1),
    replica,
    primary,
    fallback,
    reads: replica + primary + fallback,
    writes: sum((moment) => moment.writes),
    failed: sum((moment) => moment.failed),
    shed: sum((moment) => moment.shed),
    longestReadMs: moments.reduce((longest, moment) => Math.max(longest, moment.longestReadMs), 0),
    members,
  };
}

/** Since when something holds, in milliseconds since 1970; `atLeast` when it already did at the beginning of what is remembered. */
export interface Since {
  readonly at: number;
  readonly atLeast: boolean;
}

/** Since when a member is in this state; undefined while no moment says so yet. */
export function stateSince(history: readonly Moment[], member: string, state: StateKind): Since | undefined {
  return since(history, (moment) => moment.members[member]?.state === state);
}

/** Since when `holds` of each moment up to the newest; undefined when it does not hold of the newest. */
export function since(history: readonly Moment[], holds: (moment: Moment) => boolean): Since | undefined {
  let first = history.length;
  while (first > 0 && holds(history[first - 1] as Moment)) first -= 1;
  const moment = history[first];
  return moment && { at: moment.at, atLeast: first === 0 };
}
