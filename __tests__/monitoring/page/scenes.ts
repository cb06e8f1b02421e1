import type {
  ActionView,
  Hello,
  MemberView,
  Moment,
  MomentOfMember,
  StateKind,
  StatusView,
  Told,
} from '../../../monitoring/view';

/** What a server may tell, made up: for tests of the page, and for its pictures. The same each time. */

/** 2026-03-04 03:07:20 UTC. */
export const NOW = Date.UTC(2026, 2, 4, 3, 7, 20);

type Part<T> = { readonly [Key in keyof T]?: T[Key] };

export function member(name: string, of: Part<MemberView> = {}): MemberView {
  const replica = (of.role ?? 'replica') === 'replica';
  return {
    name,
    role: 'replica',
    host: `${name}.orders.internal`,
    port: 5432,
    zone: null,
    state: 'serving',
    reason: null,
    lag: replica ? { seconds: 0.012, bytes: 824 } : null,
    reads: 41_203,
    writes: replica ? 0 : 5_120,
    errors: 0,
    inFlight: 2,
    latencyMs: 1.8,
    breaker: { state: 'closed', forced: null },
    pool: replica ? { total: 8, idle: 5, waiting: 0, max: 30 } : { total: 6, idle: 4, waiting: 0, max: 50 },
    ...of,
  };
}

export function status(members: readonly MemberView[], of: Part<StatusView> = {}): StatusView {
  return {
    fleet: 'orders',
    environment: 'production',
    at: NOW,
    members,
    flags: { allOff: false, endpoints: [] },
    bulkhead: { active: 0, queued: 0, shed: 0, max: 10 },
    retriesLeft: 128,
    thresholds: { warningSeconds: 1, criticalSeconds: 5 },
    ...of,
  };
}

/** A moment of these members, in the states they are in. @param reads by member */
export function moment(
  members: readonly MemberView[],
  reads: Readonly<Record<string, number>> = {},
  of: Part<Moment> = {},
): Moment {
  const each = members.map((one): [string, MomentOfMember] => [
    one.name,
    { state: one.state, lagSeconds: one.lag?.seconds ?? null, reads: reads[one.name] ?? 0 },
  ]);
  const onReplicas = members
    .filter(({ role }) => role === 'replica')
    .reduce((sum, { name }) => sum + (reads[name] ?? 0), 0);
  return {
    at: NOW,
    replica: onReplicas,
    primary: 0,
    fallback: 0,
    writes: 20,
    failed: 0,
    shed: 0,
    longestReadMs: 4,
    members: Object.fromEntries(each),
    ...of,
  };
}

/** Moments, a second apart, that end {@link NOW}. @param make told how many seconds are left to it */
export function moments(count: number, make: (secondsAgo: number) => Moment): Moment[] {
  return Array.from({ length: count }, (_, index) => {
    const secondsAgo = count - 1 - index;
    return { ...make(secondsAgo), at: NOW - secondsAgo * 1_000 };
  });
}

/** Like chance, and the same each time: -1 to 1. */
function wobble(seed: number): number {
  const value = Math.sin(seed * 12.9898) * 43_758.5453;
  return 2 * (value - Math.floor(value)) - 1;
}

/** As of `npm start`, more or less. */
export const ACTIONS: readonly ActionView[] = [
  action('replica', 'pause-replay', 'Pause replay', 'WAL still arrives and is not replayed: its lag grows.'),
  action('replica', 'resume-replay', 'Resume replay', 'It catches up with what has arrived.'),
  action('replica', 'cut-off', 'Cut off', 'It hears nothing of its primary, and serves what it has.'),
  action('replica', 'connect-again', 'Connect again', 'It streams from its primary again.'),
  action('member', 'freeze', 'Freeze', 'Its port takes connections, and nothing answers (SIGSTOP).'),
  action('member', 'thaw', 'Thaw', 'Goes on where it was frozen (SIGCONT).'),
  action('member', 'kill', 'Kill', 'A crash: SIGKILL to all its processes.'),
  action('member', 'bring-back', 'Bring back', 'Starts it again.'),
  { ...action('replica', 'promote', 'Promote', 'It becomes a primary beside the primary.'), asks: true },
  action('fleet', 'add', 'Add a replica', 'Takes a backup of the primary and starts a standby from it.'),
];

function action(on: ActionView['on'], name: string, label: string, help: string): ActionView {
  return { name, label, help, on };
}

const FLAGS: StatusView['flags'] = {
  allOff: false,
  endpoints: [
    { endpoint: 'checkout', enabled: true, rollout: 25 },
    { endpoint: 'reports', enabled: true, rollout: 100 },
    { endpoint: 'admin', enabled: false, rollout: 0 },
  ],
};

function told(secondsAgo: number, event: string, tone: Told['tone'], text: string): Omit<Told, 'id'> {
  return { at: NOW - secondsAgo * 1_000, event, tone, text };
}

function numbered(events: readonly Omit<Told, 'id'>[]): Told[] {
  return events.map((event, index) => ({ id: index + 1, ...event }));
}

const PRIMARY = member('primary', { role: 'primary', host: 'orders.internal', zone: 'eu-central-1a', latencyMs: 2.4 });
const BLUE = member('blue', { zone: 'eu-central-1a' });
const GREEN = member('green', {
  zone: 'eu-central-1b',
  latencyMs: 2.1,
  inFlight: 3,
  reads: 38_919,
  lag: { seconds: 0.021, bytes: 1_648 },
});

const JOINED = [
  told(1_460, 'state', 'neutral', 'blue joins'),
  told(1_459, 'state', 'good', 'blue serves'),
  told(1_459, 'state', 'good', 'green serves'),
  told(940, 'flags', 'neutral', 'Endpoints: checkout at 10 %, admin off'),
  told(322, 'switch', 'neutral', 'checkout at 25 %, by 10.0.3.17'),
];

function calmLag(seed: number): number {
  return 0.018 + 0.012 * wobble(seed) + (wobble(seed * 7) > 0.97 ? 0.12 : 0);
}

function share(total: number, part: number, seed: number): number {
  return Math.round(total * part + 6 * wobble(seed));
}

/** A primary, and nothing else. */
export function emptyScene(): Hello {
  const members = [{ ...PRIMARY, reads: 9_120 }];
  const history = moments(240, (ago) => ({
    ...moment(members, { primary: share(90, 1, ago) }),
    primary: share(90, 1, ago),
  }));
  return {
    status: status(members),
    history,
    told: numbered([told(241, 'state', 'good', 'primary serves')]),
    admin: false,
    actions: [],
  };
}

export function healthyScene(): Hello {
  const members = [PRIMARY, BLUE, GREEN];
  const history = moments(600, (ago) => {
    const [blue, green, own] = [share(110, 1, ago), share(90, 1, ago + 0.5), share(9, 1, ago + 0.2)];
    const base = moment(
      members,
      { blue, green, primary: Math.max(0, own) },
      { primary: Math.max(0, own), longestReadMs: 5 + 3 * wobble(ago) + (ago === 322 ? 31 : 0) },
    );
    return withLag(base, { blue: calmLag(ago), green: calmLag(ago + 1_000) });
  });
  return { status: status(members, { flags: FLAGS }), history, told: numbered(JOINED), admin: true, actions: [] };
}

function withLag(
  base: Moment,
  lags: Readonly<Record<string, number | null>>,
  states: Readonly<Record<string, StateKind>> = {},
): Moment {
  const changed = Object.entries(base.members).map(([name, seen]) => [
    name,
    { ...seen, lagSeconds: name in lags ? (lags[name] ?? null) : seen.lagSeconds, state: states[name] ?? seen.state },
  ]);
  return { ...base, members: Object.fromEntries(changed) };
}

/** The replay of blue was paused 42 seconds ago. */
export function laggingScene(): Hello {
  const PAUSED = 42;
  const lagging = {
    ...BLUE,
    state: 'lagging' as const,
    lag: { seconds: 41.6, bytes: 3_412_880 },
    inFlight: 0,
    pool: { ...BLUE.pool, total: 8, idle: 8 },
  };
  const members = [PRIMARY, lagging, { ...GREEN, inFlight: 6, pool: { total: 14, idle: 8, waiting: 0, max: 30 } }];
  const history = moments(300, (ago) => {
    const behind = ago < PAUSED ? PAUSED - ago - 0.4 : calmLag(ago);
    const out = behind > 1;
    const base = moment(
      members,
      { blue: out ? 0 : share(104, 1, ago), green: share(out ? 198 : 94, 1, ago + 0.5), primary: 6 },
      { primary: 6, longestReadMs: 5 + 3 * wobble(ago) + (ago === PAUSED - 2 ? 12 : 0) },
    );
    return withLag(base, { blue: behind, green: calmLag(ago + 1_000) }, { blue: out ? 'lagging' : 'serving' });
  });
  const events = [
    ...JOINED.slice(0, 3).map((event) => ({ ...event, at: event.at + 1_100_000 })),
    told(PAUSED, 'switch', 'neutral', 'blue: replay paused'),
    told(PAUSED - 2, 'state', 'bad', 'blue lags 1.1 s behind'),
  ];
  return { status: status(members), history, told: numbered(events), admin: true, actions: ACTIONS };
}

/** Nothing has answered for 23 seconds. */
export function allDownScene(): Hello {
  const DOWN = 23;
  const refused = (one: MemberView): MemberView => ({
    ...one,
    state: 'ejected',
    reason: `connect ECONNREFUSED 10.0.1.${one.name.length}:5432`,
    lag: null,
    inFlight: 0,
    errors: 214,
    breaker: one.role === 'primary' ? one.breaker : { state: 'open', forced: null },
    pool: { ...one.pool, total: 0, idle: 0 },
  });
  const members = [PRIMARY, BLUE, GREEN].map(refused);
  const history = moments(600, (ago) => {
    if (ago < DOWN)
      return {
        ...moment(
          members,
          {},
          { failed: share(190, 1, ago), shed: 12, writes: 0, longestReadMs: 2_000 + 30 * wobble(ago) },
        ),
      };
    const [blue, green] = [share(104, 1, ago), share(94, 1, ago + 0.5)];
    return withLag(
      moment([PRIMARY, BLUE, GREEN], { blue, green, primary: 6 }, { primary: 6, longestReadMs: 5 + 3 * wobble(ago) }),
      {
        blue: calmLag(ago),
        green: calmLag(ago + 1_000),
      },
    );
  });
  const events = [
    ...JOINED,
    told(DOWN, 'state', 'bad', 'primary is left out: connect ECONNREFUSED 10.0.1.7:5432'),
    told(DOWN, 'state', 'bad', 'blue is left out: connect ECONNREFUSED 10.0.1.4:5432'),
    told(DOWN, 'state', 'bad', 'green is left out: connect ECONNREFUSED 10.0.1.5:5432'),
    told(DOWN - 1, 'shed', 'bad', '12 reads were shed: the primary could not take them'),
    told(DOWN - 3, 'leaderless', 'bad', 'There is no primary: no replica is provably ahead of the others'),
  ];
  return {
    status: status(members, { flags: FLAGS, retriesLeft: 0, bulkhead: { active: 10, queued: 36, shed: 276, max: 10 } }),
    history,
    told: numbered(events),
    admin: true,
    actions: [],
  };
}

/** The primary went away 95 seconds ago; the replicas hear nothing from it, and serve. */
export function primaryLostScene(): Hello {
  const LOST = 95;
  const primary: MemberView = {
    ...PRIMARY,
    state: 'ejected',
    reason: 'timeout after 2000 ms',
    errors: 31,
    inFlight: 0,
    pool: { total: 0, idle: 0, waiting: 4, max: 50 },
  };
  const deaf = (one: MemberView): MemberView => ({
    ...one,
    state: 'disconnected',
    reason: 'no WAL receiver',
    lag: { seconds: 0, bytes: 0 },
  });
  const members = [primary, deaf(BLUE), deaf(GREEN)];
  const history = moments(600, (ago) => {
    const lost = ago < LOST;
    const [blue, green] = [share(104, 1, ago), share(94, 1, ago + 0.5)];
    const base = moment(
      lost ? members : [PRIMARY, BLUE, GREEN],
      { blue, green, primary: lost ? 0 : 6 },
      {
        primary: lost ? 0 : 6,
        writes: lost ? 0 : 20,
        failed: lost && ago % 9 === 0 ? 4 : 0,
        longestReadMs: ago === LOST ? 410 : 5 + 3 * wobble(ago),
      },
    );
    return withLag(base, lost ? {} : { blue: calmLag(ago), green: calmLag(ago + 1_000) });
  });
  const events = [
    ...JOINED.slice(0, 4),
    told(LOST, 'state', 'bad', 'primary is left out: timeout after 2000 ms'),
    told(LOST - 1, 'state', 'bad', 'blue receives nothing from the primary: no WAL receiver'),
    told(LOST - 1, 'state', 'bad', 'green receives nothing from the primary: no WAL receiver'),
    told(LOST - 4, 'leaderless', 'bad', 'There is no primary: nobody was promoted'),
  ];
  return { status: status(members, { flags: FLAGS }), history, told: numbered(events), admin: true, actions: [] };
}

/** Fifteen replicas, of which some are in each kind of trouble. */
export function manyScene(): Hello {
  const troubles: Record<number, Part<MemberView>> = {
    3: { state: 'ejected', reason: 'its breaker is open', breaker: { state: 'open', forced: null }, errors: 31 },
    5: { state: 'lagging', lag: { seconds: null, bytes: null } },
    8: { state: 'draining' },
    11: { state: 'disconnected', reason: 'follows timeline 3, the primary is on 4' },
    12: { state: 'promoted', lag: null },
    13: { state: 'joining', lag: null },
  };
  const replicas = Array.from({ length: 15 }, (_, index) => member(`replica${index + 1}`, troubles[index + 1]));
  const members = [PRIMARY, ...replicas];
  const reads = Object.fromEntries(
    replicas.filter(({ state }) => state === 'serving').map(({ name }, index) => [name, 20 + index]),
  );
  const history = moments(120, () => moment(members, reads));
  const endpoints = Array.from({ length: 12 }, (_, index) => ({
    endpoint: `GET /v1/customers/{id}/orders-${index}`,
    enabled: index % 5 !== 0,
    rollout: index % 5 === 0 ? 0 : 100,
  }));
  const events = Array.from({ length: 200 }, (_, index) =>
    told(400 - index, 'state', 'neutral', `event ${index + 1} of many`),
  );
  return {
    status: status(members, { flags: { allOff: false, endpoints } }),
    history,
    told: numbered(events),
    admin: true,
    actions: ACTIONS,
  };
}
