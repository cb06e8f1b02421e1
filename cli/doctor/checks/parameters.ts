import { listText } from '../../units';
import type { Facts, Setting } from '../facts';
import { factOf } from '../found';
import { type Group, type Item, notOk, ok, unknown, unless, warning } from '../item';
import { byValue, NO_PRIMARY, primaryOf, type Reached, reached, sort, standbysOf, streams, valuesText } from './fleet';

/** Parameters that break a standby, that trade one pain for another, or that should be the same. */
export const parameters: Group = {
  title: 'Parameters',
  judge: (facts) => {
    const there = reached(facts);
    return [
      ...(streams(facts.contract) ? [...standby(facts), ...senders(facts)] : []),
      ...delay(facts),
      ...same(there),
      ...pending(there),
    ];
  },
};

type Settings = Readonly<Record<string, Setting>>;

/** A standby with less than its primary does not start, or stops replay (PostgreSQL, "Hot Standby", "Administrator's Overview"). */
const AT_LEAST_THE_PRIMARYS = [
  'max_connections',
  'max_worker_processes',
  'max_wal_senders',
  'max_prepared_transactions',
  'max_locks_per_transaction',
];

function standby(facts: Facts): Item[] {
  const id = 'parameters.standby';
  const primary = primaryOf(facts);
  const wanted = primary && factOf(primary.facts.settings);
  if (!wanted) return [unknown(id, primary ? 'settings are hidden' : NO_PRIMARY)];
  const items = standbysOf(facts).flatMap(({ name, facts: { settings } }) => {
    const has: Settings = factOf(settings) ?? {};
    return AT_LEAST_THE_PRIMARYS.flatMap((parameter) => {
      const [least, given] = [numberOf(wanted[parameter]), numberOf(has[parameter])];
      if (least === undefined || given === undefined || given >= least) return [];
      return [
        notOk(
          id,
          `${parameter} is ${given}, less than the primary's ${least}: replay pauses, and after a restart the standby refuses to start`,
          `Set it to ${least} or more there and restart it. When raising: replicas first; when lowering: the primary first.`,
          name,
        ),
      ];
    });
  });
  return unless(items, ok(id, 'replicas have room for what the primary may do'));
}

function senders(facts: Facts): Item[] {
  const primary = primaryOf(facts);
  const settings = primary && factOf(primary.facts.settings);
  if (!settings) return [];
  const items: Item[] = [];
  const level = settings.wal_level?.value;
  if (level === 'minimal') {
    items.push(
      notOk(
        'parameters.senders',
        'wal_level is minimal: no standby can follow',
        'Set wal_level to replica and restart the primary.',
      ),
    );
  }
  const most = numberOf(settings.max_wal_senders) ?? 0;
  const wanted = facts.contract.readers.length;
  if (most <= wanted) {
    const text = `max_wal_senders is ${most}, for ${wanted} replicas: ${most < wanted ? 'some cannot follow' : 'none is left to make a new one from a backup'}`;
    const tell = most < wanted ? notOk : warning;
    items.push(
      tell(
        'parameters.senders',
        text,
        `Set it to ${wanted + 3} or more, on every member, and restart: replicas first.`,
      ),
    );
  }
  return unless(items, ok('parameters.senders', `max_wal_senders ${most} for ${wanted} replicas; wal_level ${level}`));
}

/** Long reads on a standby: they hold up replay, are cancelled, or hold back vacuum on the primary. One of the three. */
function delay(facts: Facts): Item[] {
  const id = 'parameters.long-reads';
  const items: Item[] = [];
  const said: string[] = [];
  for (const {
    name,
    facts: { settings },
  } of standbysOf(facts)) {
    const has = factOf(settings);
    if (!has) continue;
    const feedback = has.hot_standby_feedback?.value === 'on';
    const delayMs = numberOf(has.max_standby_streaming_delay);
    if (delayMs === -1) {
      items.push(
        warning(
          id,
          'max_standby_streaming_delay is -1: one long read holds up replay for as long as it runs, and lag grows without bound',
          'Set a bound, e.g. 30s; for long reads keep a replica of their own.',
          name,
        ),
      );
    } else if (delayMs !== undefined) {
      said.push(
        feedback
          ? `${name}: reads hold back vacuum on the primary (hot_standby_feedback on)`
          : `${name}: reads may hold up replay for ${delayMs / 1_000} s, and are cancelled then`,
      );
    }
  }
  if (items.length + said.length === 0) return [];
  return unless(items, ok(id, oneForAll(said)));
}

/** What is said of each alike is said once. */
function oneForAll(said: readonly string[]): string {
  const texts = new Set(said.map((text) => text.replace(/^\S+: /, '')));
  return texts.size === 1 ? `${[...texts].join()} (every replica)` : said.join('; ');
}

/** What a server is, where its files are, and what only a primary or only a standby needs. */
const ITS_OWN =
  /^(cluster_name|port|listen_addresses|unix_socket_.*|data_directory.*|config_file|hba_file|ident_file|external_pid_file|primary_conninfo|primary_slot_name|in_hot_standby|transaction_.*|recovery_.*|restore_command|promote_trigger_file|archive_.*|synchronous_standby_names|synchronized_standby_slots|hot_standby|log_(directory|filename)|ssl_(cert|key|ca|crl)_file|ssl_crl_dir|application_name|client_encoding|lc_.*|shared_memory_size.*|max_standby_.*|wal_receiver_.*|session_authorization|is_superuser|role|server_version.*|seed|huge_pages_status|num_os_semaphores|effective_wal_level|rds\.(?!force_ssl|logical_replication).*|apg_.*|aurora_.*)$/;

/** Of these, a difference is told by another item. */
const TOLD_ELSEWHERE = new Set([...AT_LEAST_THE_PRIMARYS, 'hot_standby_feedback']);

function same(there: readonly Reached[]): Item[] {
  const id = 'parameters.same';
  const { known, hidden } = sort(there, ({ settings }) => settings);
  if (known.length === 0) return [unknown(id, hidden[0]?.why ?? 'settings are hidden')];
  const names = [...new Set(known.flatMap(({ value }) => Object.keys(value)))]
    .filter((name) => !ITS_OWN.test(name))
    .sort();
  const items = names.flatMap((parameter): Item[] => {
    // One that a server does not know, or does not show to this role, is not compared.
    const values = known.flatMap(({ name, value }) => {
      const setting = value[parameter];
      return setting ? [{ name, value: settingText(setting) }] : [];
    });
    const groups = byValue(values);
    // More connections on a standby than on the primary are as they should be.
    if (groups.size < 2 || TOLD_ELSEWHERE.has(parameter)) return [];
    return [
      warning(
        id,
        `${parameter} differs: ${valuesText(groups)}`,
        'One statement then plans or behaves otherwise, by who answers it. Give all members one parameter group, or accept it.',
      ),
    ];
  });
  return unless(items, ok(id, `${names.length} compared: the same on ${listText(known.map(({ name }) => name))}`));
}

function pending(there: readonly Reached[]): Item[] {
  const id = 'parameters.pending';
  const items = there.flatMap(({ name, facts: { settings } }) => {
    const waiting = Object.entries(factOf(settings) ?? {}).flatMap(([parameter, { pendingRestart }]) =>
      pendingRestart ? [parameter] : [],
    );
    if (waiting.length === 0) return [];
    return [
      warning(
        id,
        `waits for a restart to take: ${waiting.join(', ')}`,
        'Restart it when it suits: replicas one after the other.',
        name,
      ),
    ];
  });
  return unless(items, ok(id, 'nothing waits for a restart'));
}

function numberOf(setting: Setting | undefined): number | undefined {
  return setting?.value == null ? undefined : Number(setting.value);
}

/** `4096 kB`; what is not set has a name. */
function settingText({ value, unit }: Setting): string {
  if (value === null || value === '') return '(not set)';
  return unit === null ? value : `${value} ${unit === '8kB' ? 'pages of 8 kB' : unit}`;
}
