/**
 * Faults on real servers, and when each way to see them shows it: where reads go, /metrics, the stream of the status page, and Prometheus's alerts,
 * evaluated by promtool over what was scraped. docs/alerts.md has a table of it.
 */
import { connect, type Fleet } from '../../lib';
import { type LocalFleet, startLocalFleet } from '../../local';
import { prometheusRules } from '../../monitoring/rules';
import { eventually } from '../support/eventually';
import { describeWith, promtool } from '../support/left-out';
import { type Scrape, scraped, valueIn } from './rules/exposition';
import { alertsOver, type Firing, SCRAPE_SECONDS } from './rules/promtool';
import { Watch } from './rules/watch';

/** How long, for the alerts, all was well before the fault, how long it lasts, and how long all is well again. */
const MINUTES = { before: 2, during: 6, after: 4 };

interface TimeLine {
  /** Seconds from the fault to the last read that was sent to the member. */
  readonly routing: number;
  /** Seconds from the fault to the first scrape, and to the first message to the page, that show it. */
  readonly metric: number;
  readonly page: number;
  /** Reads that were sent to the member after a scrape had shown the fault, until it was mended. */
  readonly readsAfterMetric: number;
  /** Alerts on the member. */
  readonly firing: readonly Firing[];
}

let local: LocalFleet;
let fleet: Fleet;
let watch: Watch;

/** Lets a fault happen to blue, waits until every way has shown it, mends it, and waits until every way has shown that. */
async function timeLineOf(
  name: string,
  fault: { readonly begin: () => Promise<unknown>; readonly end: () => Promise<unknown> },
  /** When a scrape shows it, and when it shows all that it is waited for. */
  shows: { readonly first: (scrape: Scrape) => boolean; readonly whole: (scrape: Scrape) => boolean },
): Promise<TimeLine> {
  const well = (scrape: Scrape) => valueIn(scrape, 'fleet_member_state', 'member="blue"', 'state="serving"') === 1;
  const ill = (tick: Watch['ticks'][number]['what']) =>
    tick.status.members.some(({ name: member, state }) => member === 'blue' && state !== 'serving');
  const seen = <T>(get: () => T | undefined) => eventually(() => get() ?? false) as Promise<T>;

  const before = await seen(() => watch.scrapes.filter(({ what }) => well(what)).at(-1));
  const began = performance.now();
  await fault.begin();
  const metric = await seen(() => Watch.first(watch.scrapes, began, shows.first));
  const page = await seen(() => Watch.first(watch.ticks, began, ill));
  const during = await seen(() => Watch.first(watch.scrapes, began, shows.whole));
  const mended = performance.now();
  await fault.end();
  const after = await seen(() => Watch.first(watch.scrapes, mended, well));
  await seen(() => Watch.first(watch.reads, mended, (member) => member === 'blue'));

  const toBlue = watch.reads.filter(({ at, what }) => what === 'blue' && at >= began && at < mended);
  const series = scraped([before.what, MINUTES.before], [during.what, MINUTES.during], [after.what, MINUTES.after]);
  const total = MINUTES.before + MINUTES.during + MINUTES.after;
  const firing = await alertsOver(prometheusRules(fleet.contract), series, {
    minutes: total,
    stepSeconds: SCRAPE_SECONDS,
  });
  const line: TimeLine = {
    routing: ((toBlue.at(-1)?.at ?? began) - began) / 1_000,
    metric: (metric.at - began) / 1_000,
    page: (page.at - began) / 1_000,
    readsAfterMetric: toBlue.filter(({ at }) => at > metric.at).length,
    // What a busy machine does to the others is not what this is about.
    firing: firing.filter(({ alert }) => alert.endsWith(' blue')),
  };
  print(name, line);
  return line;
}

/** A row of the table in docs/alerts.md. */
function print(name: string, { firing, metric, page, routing }: TimeLine): void {
  // Of a fault that begins just after a scrape, the next is the first to see it.
  const alerts = firing.map(({ alert, from }) => `${alert} ${(from - MINUTES.before) * 60 + SCRAPE_SECONDS} s`);
  const cells = [name, ...[routing, metric, page].map((seconds) => `${seconds.toFixed(1)} s`), alerts.join(', ')];
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

const duringTheFault = ({ from }: Firing) => from > MINUTES.before && from < MINUTES.before + MINUTES.during;
const overInTheEnd = ({ to }: Firing) => to < MINUTES.before + MINUTES.during + MINUTES.after;

describeWith(promtool, 'the time line of a fault', () => {
  beforeAll(async () => {
    local = await startLocalFleet({ replicas: ['blue', 'green'] });
    fleet = await connect(local.contract);
    await eventually(() => fleet.status().members.every(({ state }) => state.kind === 'serving'));
    watch = await Watch.start(fleet);
  });

  afterAll(async () => {
    await watch?.stop();
    await fleet?.close();
    await local?.stop();
  });

  test('a replica whose replay stands still: reads leave it, then it is seen to lag, then people are told', async () => {
    const blue = local.replica('blue');
    const lag = (scrape: Scrape) => valueIn(scrape, 'replica_lag_seconds', 'member="blue"') ?? 0;
    const line = await timeLineOf(
      'replay paused, under writes',
      { begin: () => blue.pauseReplay(), end: () => blue.resumeReplay() },
      { first: (scrape) => lag(scrape) > 1, whole: (scrape) => lag(scrape) > 5 },
    );

    expect(line.readsAfterMetric).toBe(0);
    expect(line.firing.map(({ alert }) => alert)).toEqual([
      'HighReplicationLag critical blue',
      'HighReplicationLag warning blue',
    ]);
    expect(line.firing.every(duringTheFault)).toBe(true);
    expect(line.firing.every(overInTheEnd)).toBe(true);
    expect(line.firing[0]?.from).toBeLessThan(line.firing[1]?.from ?? 0);
  });

  test('a replica that is killed: reads leave it, then it is seen to be unhealthy, then people are told', async () => {
    const blue = local.replica('blue');
    const unhealthy = (scrape: Scrape) => valueIn(scrape, 'replica_health', 'member="blue"') === 0;
    const line = await timeLineOf(
      'replica killed',
      { begin: () => blue.kill(), end: () => blue.restart() },
      { first: unhealthy, whole: unhealthy },
    );

    expect(line.readsAfterMetric).toBe(0);
    expect(line.firing.map(({ alert }) => alert)).toEqual(['ReplicaUnhealthy critical blue']);
    expect(line.firing.every(duringTheFault)).toBe(true);
    expect(line.firing.every(overInTheEnd)).toBe(true);
  });
});
