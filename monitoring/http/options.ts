import { InvalidConfigError } from '../../lib';
import type { Clock } from '../../lib/clock';
import { formatProblems, type Problem } from '../../lib/problems';
import type { ActionView } from '../view';

/** Text for Prometheus to scrape. A `Registry` of prom-client is one. */
export interface MetricsText {
  readonly contentType: string;
  metrics(): Promise<string> | string;
}

/** Something that can be done by hand beside the switches of the library. */
export interface Action extends ActionView {
  /**
   * @param member undefined for actions on the fleet
   * @returns what was done, in a sentence for the list of events; without one the label is told
   */
  run(member: string | undefined): Promise<string | undefined>;
}

/** Who may look and who may use the switches, and what the handler serves. All but `token` can be left out. */
export interface MonitoringOptions {
  /**
   * Who may look: sent as `Authorization: Bearer …`, at least 16 characters. Several, so that one can be replaced while another holds.
   *
   * `false` lets in whoever asks for a name of this machine (see `hosts`): for a laptop.
   */
  readonly token: string | readonly string[] | false;
  /**
   * Who may use the switches, and look. `false`, with `token: false`, lets in everybody.
   *
   * @default - nobody may
   */
  readonly admin?: string | readonly string[] | false | undefined;
  /** Where the handler is, when nobody takes that off the path before: with node:http and `fetch`. @default '' */
  readonly basePath?: string | undefined;
  /** `false`: no /metrics. @default - the fleet's own registry, when prom-client is installed */
  readonly metrics?: MetricsText | false | undefined;
  /** Whether to serve the status page. @default true */
  readonly page?: boolean | undefined;
  /** @default - none */
  readonly actions?: readonly Action[] | undefined;
  /**
   * Without tokens: names in `Host`, beside those of loopback, that are this machine. A page of another name must not get a browser to ask here.
   *
   * @default - none
   */
  readonly hosts?: readonly string[] | undefined;
  /** @default the system's, with timers that keep no process alive */
  readonly clock?: Clock | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
}

const KEYS: readonly (keyof MonitoringOptions)[] = [
  'token',
  'admin',
  'basePath',
  'metrics',
  'page',
  'actions',
  'hosts',
  'clock',
  'now',
];

export const SHORTEST_TOKEN = 16;
const MAKE_ONE = 'Make one: openssl rand -base64 32';

/** @throws InvalidConfigError `READFLEET_HTTP_OPTIONS`, with every problem at once */
export function checkOptions(options: MonitoringOptions): void {
  const problems = problemsOf(options);
  if (problems.length === 0) return;
  throw new InvalidConfigError(
    'READFLEET_HTTP_OPTIONS',
    formatProblems('monitoringHandler(fleet, options)', problems),
    problems,
  );
}

/** The tokens of an option that has passed {@link checkOptions}. */
export function tokensOf(option: MonitoringOptions['admin']): readonly string[] {
  if (option === undefined || option === false) return [];
  return typeof option === 'string' ? [option] : option;
}

function problemsOf(options: unknown): Problem[] {
  if (typeof options !== 'object' || options === null) {
    return [problem('', options, 'Must be an object.', 'Write { token: process.env.READFLEET_HTTP_TOKEN }.')];
  }
  const { token, admin, basePath, metrics, page, actions, hosts } = options as Record<keyof MonitoringOptions, unknown>;
  const problems = Object.keys(options)
    .filter((key) => !KEYS.includes(key as keyof MonitoringOptions))
    .map((key) => problem(key, 'an option', 'There is no such option.', `There are: ${KEYS.join(', ')}.`));
  if (token === undefined) {
    problems.push(
      problem(
        'token',
        token,
        'It is missing: anybody could look.',
        `${MAKE_ONE}. Or, on a laptop, write token: false.`,
      ),
    );
  } else if (token !== false) problems.push(...tokenProblems('token', token));
  if (admin === false && token !== false) {
    problems.push(
      problem(
        'admin',
        admin,
        'Anybody who may look could use the switches.',
        `Give admin a token of its own. ${MAKE_ONE}`,
      ),
    );
  } else if (admin !== undefined && admin !== false) problems.push(...tokenProblems('admin', admin));
  const both = listOf(admin).filter((one) => typeof one === 'string' && listOf(token).includes(one));
  if (both.length > 0) {
    problems.push(
      problem('admin', HIDDEN, 'Must not be a `token` as well: who may look could use the switches.', MAKE_ONE),
    );
  }
  if (basePath !== undefined && !(typeof basePath === 'string' && /^(\/[^/?#]+)*$/.test(basePath))) {
    problems.push(
      problem('basePath', basePath, 'Must be a path without a slash at its end.', "Write e.g. '/internal'."),
    );
  }
  if (metrics !== undefined && metrics !== false && !isMetricsText(metrics)) {
    problems.push(
      problem(
        'metrics',
        typeof metrics,
        'Must be a registry of prom-client, or what has its contentType and metrics().',
        'Leave it out, or write metrics: fleetRegistry(fleet).',
      ),
    );
  }
  if (page !== undefined && typeof page !== 'boolean') problems.push(problem('page', page, 'Must be true or false.'));
  problems.push(...hostProblems(hosts), ...actionProblems(actions));
  return problems;
}

const HIDDEN = '(hidden)';

function tokenProblems(path: string, option: unknown): Problem[] {
  if (typeof option === 'string') return oneTokenProblems(path, option);
  if (!Array.isArray(option)) return [problem(path, typeof option, 'Must be a text, or a list of them.', MAKE_ONE)];
  if (option.length === 0) return [problem(path, option, 'Must not be empty: nobody could be let in.', MAKE_ONE)];
  return option.flatMap((one, index) => oneTokenProblems(`${path}[${index}]`, one));
}

function oneTokenProblems(path: string, token: unknown): Problem[] {
  if (typeof token !== 'string') return [problem(path, typeof token, 'Must be a text.', MAKE_ONE)];
  if (token.length < SHORTEST_TOKEN) {
    const message = `Must have at least ${SHORTEST_TOKEN} characters, not ${token.length}.`;
    return [problem(path, HIDDEN, message, MAKE_ONE)];
  }
  if (!/^[\w.~+/-]+=*$/.test(token)) {
    return [
      problem(
        path,
        HIDDEN,
        'Must be letters, digits and -._~+/ alone, with = at the end: a header carries no others.',
        MAKE_ONE,
      ),
    ];
  }
  return [];
}

function hostProblems(hosts: unknown): Problem[] {
  if (hosts === undefined) return [];
  if (!Array.isArray(hosts)) return [problem('hosts', hosts, 'Must be a list of names.')];
  return hosts
    .map((host, index) => ({ host, path: `hosts[${index}]` }))
    .filter(({ host }) => !(typeof host === 'string' && /^[\w.-]+$|^\[[\da-f:.]+\]$/i.test(host)))
    .map(({ host, path }) =>
      problem(path, host, 'Must be a name or an address alone.', "Write e.g. 'devbox.internal'."),
    );
}

function actionProblems(actions: unknown): Problem[] {
  if (actions === undefined) return [];
  if (!Array.isArray(actions)) return [problem('actions', typeof actions, 'Must be a list of actions.')];
  const seen = new Set<unknown>();
  return actions.flatMap((action, index) => {
    const { name, on, run } = (action ?? {}) as Partial<Record<keyof Action, unknown>>;
    const path = `actions[${index}]`;
    const problems: Problem[] = [];
    if (typeof name !== 'string' || name === '') problems.push(problem(`${path}.name`, name, 'Must be a name.'));
    else if (seen.has(name)) problems.push(problem(`${path}.name`, name, 'Another action has this name.'));
    if (!['fleet', 'primary', 'replica', 'member'].includes(on as string)) {
      problems.push(problem(`${path}.on`, on, 'Must be "fleet", "primary", "replica" or "member".'));
    }
    if (typeof run !== 'function') problems.push(problem(`${path}.run`, typeof run, 'Must be a function.'));
    seen.add(name);
    return problems;
  });
}

function isMetricsText(value: unknown): value is MetricsText {
  const { contentType, metrics } = (value ?? {}) as Partial<MetricsText>;
  return typeof contentType === 'string' && typeof metrics === 'function';
}

function listOf(option: unknown): readonly unknown[] {
  return Array.isArray(option) ? option : [option];
}

function problem(path: string, got: unknown, message: string, fix?: string): Problem {
  return { code: 'READFLEET_HTTP_OPTIONS', path, got, message, ...(fix ? { fix } : {}) };
}
