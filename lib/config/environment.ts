import { type FleetContract, parseContract, TOPOLOGIES, type Topology } from '../contract';
import { DEFAULTS } from '../defaults';
import { InvalidConfigError, ReadfleetError } from '../errors';
import { LAG_THRESHOLDS } from '../lag/thresholds';
import type { ConnectOptions, EndpointOptions } from '../options';
import { formatProblems, type Problem } from '../problems';
import { BREAKER_DEFAULTS } from '../protection/breaker';
import { URL_CODE as CODE, type FleetFacts, fleetOfUrls, nameFrom } from './fleet-of-urls';
import { EVERY_OTHER, mergeOptions } from './merge-options';
import { nearMiss } from './near-miss';
import { mayHoldPassword, shown, shownValue } from './shown';
import { readUrls } from './urls';
import {
  type Environment,
  FLEET_VARIABLES,
  HOST_LOGIN_VARIABLES,
  LOGIN_VARIABLES,
  lagSeconds,
  OPTION_VARIABLES,
  textOf,
  WITHOUT_EFFECT,
  withOption,
} from './variables';

/** Where a contract is, when a variable names a place. */
export type Place = { readonly file: string } | { readonly ssm: string } | { readonly secret: string };

/** A fleet as environment variables describe it. */
export interface EnvironmentFleet {
  readonly from: FleetContract | Place;
  /** Those of the code over those of the variables. */
  readonly options: ConnectOptions;
  /** What people should know, though it is not wrong. */
  readonly notes: readonly string[];
}

/** A round of questions must fall well within a bound, or no replica is proved fresh enough between two. */
const ROUNDS_PER_BOUND = 2;
const NAME = /^[a-z][a-z0-9-]{0,62}$/;

const NO_VARIABLES = (got: unknown): Problem => ({
  code: CODE,
  path: 'env',
  got: typeof got === 'string' ? shown(got) : got,
  message: 'Must be an object with environment variables.',
  fix: 'Write connect({ env: process.env }).',
});

/**
 * What environment variables say of a fleet: the servers, and options under those that the code gives.
 *
 * @throws InvalidConfigError `READFLEET_ENV_INVALID`, with every problem at once. Nothing of a password is in it
 */
export function readEnvironment(env: Environment, code: ConnectOptions = {}): EnvironmentFleet {
  if (typeof env !== 'object' || env === null) throw refusal([NO_VARIABLES(env)]);
  const problems: Problem[] = [];
  const notes = strangers(env);
  const said = endpointsOf(env, optionsOf(env, problems), notes);
  const facts = factsOf(env, problems);
  const found = textOf(env, 'READFLEET_CONTRACT') ? placeOf(env, problems, notes) : urlsOf(env, facts, problems, notes);
  if (problems.length > 0) throw refusal(problems, notes);
  // Without problems there is a fleet.
  const { from, options } = found as NonNullable<typeof found>;
  const variables = mergeOptions(options, said);
  const merged = switched(mergeOptions(variables, code), env, from, notes);
  return { from, options: withinBound(merged, code, notes), notes };
}

function refusal(problems: readonly Problem[], notes: readonly string[] = []): InvalidConfigError {
  const hints = notes.map((note) => `  hint: ${note}`);
  return new InvalidConfigError(
    CODE,
    [formatProblems('environment variables', problems), ...hints].join('\n'),
    problems,
  );
}

/** Variables that nobody reads, and that look like one that is not set. */
function strangers(env: Environment): string[] {
  const known = [...OPTION_VARIABLES.flatMap(({ names }) => names), ...FLEET_VARIABLES, ...LOGIN_VARIABLES];
  // Others' names are near these by nature.
  const unmeant: readonly string[] = textOf(env, 'DB_PRIMARY_HOST') === undefined ? HOST_LOGIN_VARIABLES : [];
  const unset = known.filter((name) => textOf(env, name) === undefined && !unmeant.includes(name));
  return Object.keys(env).flatMap((name) => {
    if (textOf(env, name) === undefined || known.includes(name.replace(/_\d+_/, '_n_'))) return [];
    const without = WITHOUT_EFFECT[name];
    if (without !== undefined) return [`${name} has no effect: ${without}. Leave it out.`];
    // Names of libpq and others are near each other by nature.
    const meant = name.length > 8 ? nearMiss(name, unset) : undefined;
    return meant === undefined ? [] : [`${name} is not read. Was ${meant} meant?`];
  });
}

function optionsOf(env: Environment, problems: Problem[]): ConnectOptions {
  let options: ConnectOptions = {};
  for (const { names, option, read } of OPTION_VARIABLES) {
    let first: { name: string; value: unknown } | undefined;
    for (const name of names) {
      const text = textOf(env, name);
      if (text === undefined) continue;
      const answer = read(text);
      if ('fault' in answer) problems.push({ code: CODE, path: name, got: shown(text), message: answer.fault });
      else if (first === undefined) {
        first = { name, value: answer.value };
        options = withOption(options, option, answer.value);
      } else if (first.value !== answer.value) {
        const message = `${first.name} means the same, and says ${env[first.name]}.`;
        problems.push({ code: CODE, path: name, got: text, message, fix: 'Leave one of them out.' });
      }
    }
  }
  const { openMs } = options.breaker ?? {};
  // A pause that was asked for is not to be cut short by the longest of the defaults.
  return openMs !== undefined && openMs > BREAKER_DEFAULTS.longestMs
    ? withOption(options, 'breaker.longestMs', openMs)
    : options;
}

/**
 * `REPLICA_ENABLED_ENDPOINTS` names all that may read from replicas: every other endpoint, and reads of none, go to the primary.
 *
 * Set and without a name it enables none: to take the last name away must not open all the others.
 */
function endpointsOf(env: Environment, options: ConnectOptions, notes: string[]): ConnectOptions {
  const text = env.REPLICA_ENABLED_ENDPOINTS;
  const names = (text ?? '').split(/[\s,]+/).filter(Boolean);
  if (text === undefined || names.includes(EVERY_OTHER)) return options;
  if (names.length === 0 && options.readReplicas !== false) {
    notes.push(
      'REPLICA_ENABLED_ENDPOINTS is set and names no endpoint: none reads from replicas, unless the code says so. ' +
        'Set it to * to let all of them, or leave it out.',
    );
  }
  const enabled = names.map((name): [string, EndpointOptions] => [name, { enabled: true }]);
  return { ...options, endpoints: { [EVERY_OTHER]: { enabled: false }, ...Object.fromEntries(enabled) } };
}

function factsOf(env: Environment, problems: Problem[]): FleetFacts {
  const named = (name: string) => {
    const text = textOf(env, name);
    if (text === undefined || NAME.test(text)) return text;
    const message = 'Must be lower-case letters, digits and hyphens, and begin with a letter.';
    const fix = `Write ${mayHoldPassword(text) ? 'a name, e.g. orders' : nameFrom(text)}.`;
    problems.push({ code: CODE, path: name, got: shown(text), message, fix });
    return undefined;
  };
  const seconds = (name: string) => {
    const text = textOf(env, name);
    const answer = text === undefined ? undefined : lagSeconds(text);
    if (answer === undefined || 'value' in answer) return answer?.value as number | undefined;
    problems.push({ code: CODE, path: name, got: text && shown(text), message: answer.fault });
    return undefined;
  };
  const topology = textOf(env, 'READFLEET_TOPOLOGY');
  if (topology !== undefined && !(TOPOLOGIES as readonly string[]).includes(topology)) {
    const message = `Must be one of ${TOPOLOGIES.join(', ')}.`;
    problems.push({ code: CODE, path: 'READFLEET_TOPOLOGY', got: shown(topology), message });
  }
  const warning = seconds('REPLICA_LAG_WARNING_THRESHOLD');
  const critical = seconds('REPLICA_LAG_CRITICAL_THRESHOLD');
  if (warning !== undefined && critical !== undefined && warning > critical) {
    const message = `Must not be more than REPLICA_LAG_CRITICAL_THRESHOLD, ${critical} seconds.`;
    problems.push({ code: CODE, path: 'REPLICA_LAG_WARNING_THRESHOLD', got: `${warning} seconds`, message });
  }
  const nodeEnvironment = textOf(env, 'NODE_ENV');
  return {
    fleet: named('READFLEET_FLEET'),
    environment: named('READFLEET_ENVIRONMENT') ?? (nodeEnvironment && nameFrom(nodeEnvironment)),
    topology: topology as Topology | undefined,
    // One that was said moves the default of the other, where it would be beyond it.
    lag: {
      warningSeconds: warning ?? Math.min(LAG_THRESHOLDS.warningSeconds, critical ?? Number.POSITIVE_INFINITY),
      criticalSeconds: critical ?? Math.max(LAG_THRESHOLDS.criticalSeconds, warning ?? 0),
    },
    user: textOf(env, 'PGUSER'),
    password: textOf(env, 'PGPASSWORD'),
  };
}

interface Found {
  readonly from: EnvironmentFleet['from'];
  readonly options: ConnectOptions;
}

/** The contract itself as JSON, or its place: a file, `ssm:/path`, or an ARN of a parameter or a secret. */
function placeOf(env: Environment, problems: Problem[], notes: string[]): Found | undefined {
  const text = textOf(env, 'READFLEET_CONTRACT') as string;
  for (const name of ['REPLICA_LAG_WARNING_THRESHOLD', 'REPLICA_LAG_CRITICAL_THRESHOLD']) {
    if (textOf(env, name) !== undefined) notes.push(`${name} has no effect: the contract has thresholds of its own.`);
  }
  if (/^arn:aws[a-z-]*:secretsmanager:/.test(text)) return { from: { secret: text }, options: {} };
  if (!text.startsWith('{') && mayHoldPassword(text)) {
    // Before anybody looks for a file of this name: that it is not there would be told with the name.
    const message = 'It is a URL, or a login, and none of the places where a contract may be.';
    const fix =
      'Did you mean DATABASE_URL? A contract is JSON, a file, ssm:/path, or an ARN of a parameter or a secret.';
    problems.push({ code: CODE, path: 'READFLEET_CONTRACT', got: shown(text), message, fix });
    return undefined;
  }
  const [, ssm] = /^ssm:(.+)$/.exec(text) ?? [];
  if (ssm !== undefined || /^arn:aws[a-z-]*:ssm:/.test(text)) return { from: { ssm: ssm ?? text }, options: {} };
  if (!text.startsWith('{')) return { from: { file: text }, options: {} };
  try {
    return { from: parseContract(text, 'READFLEET_CONTRACT'), options: {} };
  } catch (error) {
    const told = error instanceof InvalidConfigError ? error.problems : [];
    for (const { path, got, ...problem } of told) {
      problems.push({ ...problem, code: CODE, path: `READFLEET_CONTRACT ${path}`, got: shownValue(got) });
    }
    // The parser of JSON quotes what it read, and a password may be in it.
    const isOfAnotherVersion = ReadfleetError.is(error) && error.code === 'READFLEET_CONTRACT_VERSION';
    const message = isOfAnotherVersion ? error.message : 'It is no JSON.';
    if (told.length === 0) problems.push({ code: CODE, path: 'READFLEET_CONTRACT', got: '(hidden)', message });
    return undefined;
  }
}

function urlsOf(env: Environment, facts: FleetFacts, problems: Problem[], notes: string[]): Found | undefined {
  const { primary, replicas, problems: unread } = readUrls(env);
  problems.push(...unread);
  if (!primary) return undefined;
  const fleet = fleetOfUrls(primary, replicas, facts);
  if (Array.isArray(fleet)) {
    problems.push(...fleet);
    return undefined;
  }
  notes.push(...fleet.notes);
  return { from: fleet.contract, options: fleet.options };
}

/** Replicas of URLs are read once somebody says so: to name them is one step of a rollout, to read from them the next. A contract is of a fleet that was deployed to be read. */
function switched(
  options: ConnectOptions,
  env: Environment,
  from: EnvironmentFleet['from'],
  notes: string[],
): ConnectOptions {
  if (textOf(env, 'READFLEET_CONTRACT') !== undefined) return options;
  const isThere = 'readers' in from && from.readers.length > 0;
  if (!isThere && options.readReplicas === true) {
    notes.push('ENABLE_READ_REPLICAS is on, and no replica is named: name it in DATABASE_REPLICA_URL.');
  }
  if (!isThere || options.readReplicas !== undefined) return options;
  notes.push(
    'Replicas are named, and every read goes to the primary: set ENABLE_READ_REPLICAS=true to read from them, or =false to say that this is meant.',
  );
  return { ...options, readReplicas: false };
}

/** A replica is only known to be fresh when it was asked: rounds further apart than a bound would leave every read to the primary. */
function withinBound(options: ConnectOptions, code: ConnectOptions, notes: string[]): ConnectOptions {
  const asked = options.lag?.pollMs;
  const bound = options.maxStalenessMs ?? DEFAULTS.maxStalenessMs;
  const most = bound / ROUNDS_PER_BOUND;
  if (asked === undefined || code.lag?.pollMs !== undefined || asked <= most || most === 0) return options;
  notes.push(
    `Replication is looked at every ${most} ms and not every ${asked}: reads are to be at most ${bound} ms old (READFLEET_MAX_STALENESS), ` +
      'and a replica is only known to be so fresh when it was asked since.',
  );
  return withOption(options, 'lag.pollMs', most);
}
