import { parameters } from '../../../../cli/doctor/checks/parameters';
import { but, found, healthy, hidden, setting, settings, told, withContract } from '../facts';

const judge = (id: string, others: Parameters<typeof but>[1]) => told(parameters, but(healthy(), others), id);

test.each(['max_connections', 'max_worker_processes', 'max_wal_senders', 'max_locks_per_transaction'])(
  'a standby with less %s than its primary',
  (name) => {
    const [line] = judge('parameters.standby', { primary: { settings: settings({ [name]: 300 }) } });

    expect(line).toMatch(new RegExp(`^not ok blue: ${name} is \\d+, less than the primary's 300`));
  },
);

test('prepared transactions count as well: none is less than some', () => {
  expect(
    judge('parameters.standby', { primary: { settings: settings({ max_prepared_transactions: 5 }) } }),
  ).toHaveLength(2);
});

test('a standby may have more', () => {
  const more = { blue: { settings: settings({ max_connections: 500 }) } };

  expect(judge('parameters.standby', more)).toEqual(['ok: replicas have room for what the primary may do']);
  expect(judge('parameters.same', more)).toEqual([expect.stringMatching(/^ok: /)]);
});

test.each([
  [2, 'warning: max_wal_senders is 2, for 2 replicas: none is left to make a new one from a backup'],
  [1, 'not ok: max_wal_senders is 1, for 2 replicas: some cannot follow'],
  [3, 'ok: max_wal_senders 3 for 2 replicas; wal_level replica'],
])('max_wal_senders %d', (max_wal_senders, text) => {
  expect(judge('parameters.senders', { primary: { settings: settings({ max_wal_senders }) } })).toEqual([text]);
});

test('wal_level minimal', () => {
  expect(judge('parameters.senders', { primary: { settings: settings({ wal_level: 'minimal' }) } })).toEqual([
    'not ok: wal_level is minimal: no standby can follow',
  ]);
});

describe('long reads on replicas', () => {
  const id = 'parameters.long-reads';

  test('hold up replay, or are cancelled', () => {
    expect(judge(id, {})).toEqual(['ok: reads may hold up replay for 30 s, and are cancelled then (every replica)']);
  });

  test('or hold back vacuum; each is told where they differ', () => {
    expect(judge(id, { blue: { settings: settings({ hot_standby_feedback: 'on' }) } })).toEqual([
      'ok: blue: reads hold back vacuum on the primary (hot_standby_feedback on); green: reads may hold up replay for 30 s, and are cancelled then',
    ]);
  });

  test('without a bound they hold up replay for ever', () => {
    expect(judge(id, { green: { settings: settings({ max_standby_streaming_delay: -1 }) } })).toEqual([
      expect.stringMatching(/^warning green: max_standby_streaming_delay is -1/),
    ]);
  });
});

describe('parameters that differ', () => {
  const id = 'parameters.same';

  test('each is told with its values and its unit', () => {
    const facts = but(healthy(), {
      primary: { settings: found({ work_mem: setting(4_096, { unit: 'kB' }), jit: setting('on') }) },
      blue: { settings: found({ work_mem: setting(9_216, { unit: 'kB' }), jit: setting('on') }) },
      green: { settings: found({ work_mem: setting(4_096, { unit: 'kB' }), jit: setting('off') }) },
    });

    expect(told(parameters, facts, id)).toEqual([
      'warning: jit differs: on on primary, blue; off on green',
      'warning: work_mem differs: 4096 kB on primary, green; 9216 kB on blue',
    ]);
  });

  test.each([
    ['port', 5433],
    ['cluster_name', 'blue'],
    ['primary_conninfo', 'host=x'],
    ['in_hot_standby', 'on'],
    ['transaction_read_only', 'on'],
    ['archive_mode', 'on'],
    ['rds.something', '1'],
  ])('%s is its own affair', (name, value) => {
    const rest = {
      primary: { settings: settings({ [name]: 'other' }) },
      green: { settings: settings({ [name]: 'other' }) },
    };

    expect(judge(id, { ...rest, blue: { settings: settings({ [name]: value }) } })).toEqual([
      expect.stringMatching(/^ok: /),
    ]);
  });

  test('rds.force_ssl is not', () => {
    const forced = (value: number) => ({ settings: settings({ 'rds.force_ssl': value }) });

    expect(judge(id, { primary: forced(1), blue: forced(0), green: forced(1) })).toHaveLength(1);
  });

  test('one that a server does not show is not compared', () => {
    expect(judge(id, { blue: { settings: settings({ shown_to_superusers: 'x' }) } })).toEqual([
      expect.stringMatching(/^ok: /),
    ]);
    expect(judge(id, { blue: { settings: hidden() } })).toEqual([
      expect.stringMatching(/the same on primary and green$/),
    ]);
  });

  test('no value and another', () => {
    const [line] = judge(id, { blue: { settings: settings({ work_mem: null }) } });

    expect(line).toContain('(not set) on blue');
  });
});

test('what waits for a restart', () => {
  const waiting = found({ max_connections: setting(200, { pendingRestart: true }) });

  expect(judge('parameters.pending', { blue: { settings: waiting } })).toEqual([
    'warning blue: waits for a restart to take: max_connections',
  ]);
});

test('of Aurora, nothing of streaming is asked', () => {
  const facts = but(healthy({ contract: withContract({ topology: 'aurora' }) }), {
    primary: { settings: settings({ max_wal_senders: 0, max_connections: 300 }) },
  });

  expect(told(parameters, facts, 'parameters.standby')).toEqual([]);
  expect(told(parameters, facts, 'parameters.senders')).toEqual([]);
});
