import { prometheusRules } from '../../../monitoring/rules';
import { describeWith, promtool } from '../../support/left-out';
import { all, CONTRACT, counter, fleetBut, gauge, one, told, two } from './processes';
import { alertsOver, checkRules, type InputSeries } from './promtool';

const RULES = prometheusRules(CONTRACT);

/** What fires over this time while all else is well, as `alert severity labels: first to last minute`. */
async function firing(minutes: number, ...series: readonly InputSeries[]): Promise<readonly string[]> {
  const found = await alertsOver(RULES, fleetBut(...series), { minutes, stepSeconds: minutes > 30 ? 60 : 15 });
  return found.map(({ alert, from, to }) => `${alert}: ${from} to ${to}`);
}

const lag = (values: readonly string[], member = 'blue') => told('lagSeconds', { member }, values);
const health = (values: readonly string[], member = 'blue', role = 'replica') =>
  told('health', { member, role }, values);
const state = (kind: string, values: readonly string[], member = 'blue') =>
  told('state', { member, role: 'replica', state: kind }, values);

describeWith(promtool, 'the alert rules', () => {
  test('are what Prometheus takes', async () => {
    expect(await checkRules(RULES)).toContain('SUCCESS: 17 rules found');
  });

  test('are quiet while all is well', async () => {
    expect(await firing(60)).toEqual([]);
  });

  describe('of lag', () => {
    test('tell of 6 s after two minutes as critical, after three as a warning, and no more when it is gone', async () => {
      const late = lag(all(gauge([0.2, 5], [6, 10], [0.2, 15])));

      expect(await firing(30, ...late)).toEqual([
        'HighReplicationLag critical blue: 7 to 15.75',
        'HighReplicationLag warning blue: 8 to 15.75',
      ]);
    });

    test('tell of just more than a second as a warning, and of a second not', async () => {
      expect(await firing(20, ...lag(all(gauge([1.01, 20]))))).toEqual(['HighReplicationLag warning blue: 3 to 20']);
      expect(await firing(20, ...lag(all(gauge([1, 20]))))).toEqual([]);
    });

    test('tell of 5 s as a warning alone', async () => {
      expect(await firing(20, ...lag(all(gauge([5, 20]))))).toEqual(['HighReplicationLag warning blue: 3 to 20']);
    });

    test('tell nothing of one slow minute', async () => {
      expect(await firing(20, ...lag(all(gauge([0.2, 5], [60, 0.75], [0.2, 14.25]))))).toEqual([]);
    });

    test('tell of a lag that goes up and down within each minute', async () => {
      const saw = Array.from({ length: 80 }, (_, scrape) => (scrape % 3 === 0 ? 6 : 0.1)).join(' ');

      expect(await firing(10, ...lag(all(saw)))).toEqual([
        'HighReplicationLag critical blue: 2 to 10',
        'HighReplicationLag warning blue: 3 to 10',
      ]);
    });

    test('tell of one that is more than is remembered', async () => {
      expect(await firing(5, ...lag(all(gauge([Number.POSITIVE_INFINITY, 5]))))).toEqual([
        'HighReplicationLag critical blue: 2 to 5',
        'HighReplicationLag warning blue: 3 to 5',
      ]);
    });

    test('tell nothing when one process of three sees it, or one of two', async () => {
      expect(await firing(20, ...lag(one(gauge([60, 20]), gauge([0.2, 20]))))).toEqual([]);
      const [first, second, third] = lag([gauge([60, 20]), gauge([0.2, 20]), gauge([null, 20])]);
      expect(await firing(20, ...[first, second, third].filter((series) => series !== undefined))).toEqual([]);
    });

    test('tell when two of three see it', async () => {
      expect(await firing(10, ...lag(two(gauge([60, 10]), gauge([0.2, 10]))))).toEqual([
        'HighReplicationLag critical blue: 2 to 10',
        'HighReplicationLag warning blue: 3 to 10',
      ]);
    });

    test('name the replica', async () => {
      const both = [...lag(all(gauge([0.2, 5]))), ...lag(all(gauge([3, 5])), 'green')];

      expect(await firing(5, ...both)).toEqual(['HighReplicationLag warning green: 3 to 5']);
    });
  });

  describe('of health', () => {
    test('tell of a replica after two minutes, and no more when it is back', async () => {
      expect(await firing(15, ...health(all(gauge([1, 3], [0, 5], [1, 7]))))).toEqual([
        'ReplicaUnhealthy critical blue: 5 to 8.75',
      ]);
    });

    test('tell nothing of a restart that takes less', async () => {
      expect(await firing(10, ...health(all(gauge([1, 3], [0, 1], [1, 6]))))).toEqual([]);
    });

    test('tell of a replica that comes and goes', async () => {
      const flapping = Array.from({ length: 40 }, (_, scrape) => (scrape % 3 === 0 ? 0 : 1)).join(' ');

      expect(await firing(10, ...health(all(flapping)))).toEqual(['ReplicaUnhealthy critical blue: 2 to 10']);
    });

    test('tell whoever it may concern when one process of three sees it, and wake nobody', async () => {
      expect(await firing(20, ...health(one(gauge([0, 20]), gauge([1, 20]))))).toEqual([
        'ProcessDisagrees warning blue app-1: 10 to 20',
      ]);
    });

    test('tell when two of three see it, and not of the two besides', async () => {
      expect(await firing(20, ...health(two(gauge([0, 20]), gauge([1, 20]))))).toEqual([
        'ReplicaUnhealthy critical blue: 2 to 20',
      ]);
    });

    test.each(['draining', 'writing'])('tell nothing of a replica that is %s', async (kind) => {
      const out = [...health(all(gauge([0, 20]))), ...state('serving', all(gauge([null, 20])))];

      expect(await firing(20, ...out, ...state(kind, all(gauge([1, 20]))))).toEqual([]);
      expect(await firing(20, ...out, ...state('ejected', all(gauge([1, 20]))))).toEqual([
        'ReplicaUnhealthy critical blue: 2 to 20',
      ]);
    });

    test('tell of the primary after a minute, and not when one process alone lost it', async () => {
      const lost = gauge([1, 3], [0, 5], [1, 7]);

      expect(await firing(15, ...health(all(lost), 'primary', 'primary'))).toEqual([
        'PrimaryUnhealthy critical: 4 to 8.75',
      ]);
      expect(await firing(9, ...health(one(gauge([0, 9]), gauge([1, 9])), 'primary', 'primary'))).toEqual([]);
    });

    test('tell nothing of a primary of before, once another answers', async () => {
      const former = health(all(gauge([1, 3], [0, 17])), 'primary', 'primary');
      const present = health(all(gauge([null, 3], [1, 17])), 'blue', 'primary');

      expect(await firing(20, ...former, ...present)).toEqual([]);
    });
  });

  describe('of all replicas', () => {
    const away = (values: readonly string[]) => [
      ...state('serving', values, 'blue'),
      ...state('serving', values, 'green'),
      ...state('lagging', all(gauge([1, 20])), 'blue'),
    ];

    test('tell when none serves for two minutes, and no more when one does', async () => {
      expect(await firing(15, ...away(all(gauge([1, 3], [null, 6], [1, 6]))))).toEqual([
        'NoReplicaServes critical: 5 to 8.75',
      ]);
    });

    test('tell nothing while one serves, or when one process alone sees none', async () => {
      expect(await firing(15, ...state('serving', all(gauge([null, 15]))))).toEqual([]);
      expect(await firing(15, ...away(one(gauge([null, 15]), gauge([1, 15]))))).toEqual([]);
    });

    test('tell that no process says anything, after five minutes, and no more when one does', async () => {
      const gone = health([gauge([1, 3], [null, 7], [1, 5]), gauge([1, 2], [null, 13])]);

      expect(await alertsOver(RULES, gone, { minutes: 15, stepSeconds: 15 })).toEqual([
        { alert: 'FleetMetricsMissing critical', from: 8, to: 9.75 },
      ]);
    });
  });

  describe('of breakers', () => {
    const breaker = (values: readonly string[]) => told('breaker', { member: 'blue', role: 'replica' }, values);

    test('tell of one that is open for ten minutes, half-open moments between, and no more when it closes', async () => {
      const open = gauge(
        [0, 2],
        ...Array.from(
          { length: 8 },
          () =>
            [
              [2, 1.25],
              [1, 0.25],
            ] as const,
        ).flat(),
        [0, 6],
      );

      expect(await firing(20, ...breaker(all(open)))).toEqual(['CircuitBreakerOpen warning blue: 12 to 15.5']);
    });

    test('tell nothing of shorter ones, of one process, and of one that is half-open for want of reads', async () => {
      expect(await firing(20, ...breaker(all(gauge([2, 7.5], [0, 12.5]))))).toEqual([]);
      expect(await firing(20, ...breaker(one(gauge([2, 20]), gauge([0, 20]))))).toEqual([]);
      expect(await firing(20, ...breaker(all(gauge([1, 20]))))).toEqual([]);
    });
  });

  describe('of pools', () => {
    const pools = (active: readonly string[]) => [
      ...told('connections', { member: 'blue', role: 'replica', state: 'active' }, active),
      ...told('connections', { member: 'blue', role: 'replica', state: 'idle' }, all(gauge([9, 20]))),
      ...told('poolMax', { member: 'blue', role: 'replica' }, all(gauge([100, 20]))),
    ];

    test('tell of more than 80 % as a warning and of more than 90 % as critical, after five minutes', async () => {
      expect(await firing(12, ...pools(all(gauge([81, 6], [91, 3], [20, 3]))))).toEqual([
        'HighConnectionPoolUtilization warning blue: 5 to 8.75',
      ]);
      expect(await firing(10, ...pools(all(gauge([91, 8], [20, 2]))))).toEqual([
        'HighConnectionPoolUtilization critical blue: 5 to 7.75',
        'HighConnectionPoolUtilization warning blue: 5 to 7.75',
      ]);
    });

    test('tell nothing of 80 %, and nothing when one process of three has used up its own', async () => {
      expect(await firing(12, ...pools(all(gauge([80, 12]))))).toEqual([]);
      expect(await firing(12, ...pools(one(gauge([100, 12]), gauge([60, 12]))))).toEqual([]);
    });
  });

  describe('of reads', () => {
    const reads = (target: string, values: readonly string[], reason = target) =>
      told('reads', { target, endpoint: 'search', reason }, values);
    const shed = (values: readonly string[]) => told('shed', { endpoint: 'search', priority: 'low' }, values);

    test('tell of replicas that serve less than half, after thirty minutes, and no more when they serve', async () => {
      const few = [
        ...reads('replica', all(counter([49, 40], [900, 20]))),
        ...reads('primary', all(counter([51, 60])), 'strong'),
      ];

      expect(await firing(60, ...few)).toEqual(['LowReplicaUsage warning: 31 to 40']);
    });

    test('tell of replicas that serve nothing at all', async () => {
      expect(await firing(40, ...reads('primary', all(counter([51, 40])), 'strong'))).toEqual([
        'LowReplicaUsage warning: 31 to 40',
      ]);
    });

    test('tell nothing at half, without reads, or of what a switch sent to the primary', async () => {
      const half = [...reads('replica', all(counter([50, 45]))), ...reads('primary', all(counter([50, 45])), 'strong')];
      const none = reads('replica', all(counter([0, 45])));
      const rollout = [
        ...reads('replica', all(counter([10, 45]))),
        ...reads('primary', all(counter([90, 45])), 'not in the rollout'),
      ];

      expect(await firing(45, ...half)).toEqual([]);
      expect(await firing(45, ...none)).toEqual([]);
      expect(await firing(45, ...rollout)).toEqual([]);
    });

    test('tell of any that fell back, as an information, for five minutes', async () => {
      const fell = reads('fallback', one(counter([0, 3], [4, 0.25], [0, 12]), counter([0, 15])));

      expect(await firing(15, ...fell)).toEqual(['FallbackToPrimary info: 3.25 to 8']);
    });

    test('tell of any that was shed as a warning, and of one in a hundred as critical', async () => {
      const routed = reads('replica', all(counter([1000, 20])));

      expect(await firing(20, ...routed, ...shed(one(counter([0, 3], [4, 0.25], [0, 17]), counter([0, 20]))))).toEqual([
        'ReadsShed warning: 3.25 to 8',
      ]);
      expect(await firing(20, ...routed, ...shed(all(counter([9, 20]))))).toEqual(['ReadsShed warning: 0.25 to 20']);
      expect(await firing(20, ...routed, ...shed(all(counter([12, 20]))))).toEqual([
        'ReadsShed critical: 2.25 to 20',
        'ReadsShed warning: 0.25 to 20',
      ]);
    });
  });

  describe('of calls', () => {
    const calls = (failed: readonly string[]) => [
      ...told('calls', { kind: 'read' }, all(counter([1000, 20])), '_count'),
      ...told('failures', { kind: 'read' }, failed),
    ];

    test('tell when more than one in a hundred fails for two minutes, and no more afterwards', async () => {
      expect(await firing(20, ...calls(all(counter([100, 5], [0, 15]))))).toEqual(['CallsFail critical: 2.25 to 9.25']);
      expect(await firing(20, ...calls(all(counter([9, 20]))))).toEqual([]);
    });
  });

  describe('of what somebody did', () => {
    test('tell of a failover for a quarter of an hour', async () => {
      const followed = told('failovers', {}, all(counter([0, 3], [4, 0.25], [0, 27])));

      expect(await firing(30, ...followed)).toEqual(['FailoverHappened warning: 3.25 to 18']);
    });

    test('tell that replicas are switched off after an hour, in any process, and no more when they are on', async () => {
      const off = (minutes: number) => told('allOff', {}, one(gauge([1, minutes], [0, 90 - minutes]), gauge([0, 90])));

      expect(await firing(80, ...off(70))).toEqual(['ReplicasSwitchedOff warning: 60 to 69']);
      expect(await firing(80, ...off(59))).toEqual([]);
    });
  });
});
