import { channels, type Decision, type FleetStatus } from '../../../lib';
import { DEFAULT_BUCKETS } from '../../../monitoring/metrics/instruments';
import { Meter, type Metered } from '../../../monitoring/metrics/meter';
import { BASE, fleetStatus, Recorded } from './support';

const SETTINGS = { maxEndpoints: 3, buckets: DEFAULT_BUCKETS, defaultLabels: {} };

/** A fleet that says what it is told to, and can be closed. */
class FakeFleet {
  readonly closers = new Set<() => void>();

  constructor(readonly shown: FleetStatus) {}

  status(): FleetStatus {
    return this.shown;
  }

  on(_: 'closed', listener: () => void): this {
    this.closers.add(listener);
    return this;
  }

  off(_: 'closed', listener: () => void): this {
    this.closers.delete(listener);
    return this;
  }

  close(): void {
    for (const tell of this.closers) tell();
  }

  asMetered(): Metered {
    return this as unknown as Metered;
  }
}

let sink: Recorded;
let meter: Meter;
let open: FakeFleet[];

beforeEach(() => {
  sink = new Recorded();
  meter = new Meter(sink, SETTINGS, 'the registry');
  open = [];
});

afterEach(() => {
  for (const fleet of open) fleet.close();
  expect(channels.decision.hasSubscribers).toBe(false);
});

function started(changes: Partial<FleetStatus> = {}, settings = SETTINGS): FakeFleet {
  const fleet = new FakeFleet(fleetStatus(changes));
  open.push(fleet);
  meter.start(fleet.asMetered(), settings);
  return fleet;
}

function decide(fleet = BASE.fleet): void {
  const decision: Partial<Decision> = { ...BASE, fleet, kind: 'read', target: 'replica', reason: 'replica' };
  channels.decision.publish(decision);
}

const READ = 'reads{endpoint="",reason="replica",target="replica"}';
const active = () => meter.read().filter(({ metric }) => metric === 'bulkhead');

test('a fleet is counted until it is closed; then its gauges are gone and its counters stay', () => {
  const fleet = started();
  decide();
  expect(active()).toEqual([{ metric: 'bulkhead', labels: BASE, value: 2 }]);
  fleet.close();
  decide();
  expect(sink.counts.get(READ)).toBe(1);
  expect(meter.read()).toEqual([]);
  expect(fleet.closers.size).toBe(0);
});

test('what another fleet tells is not counted', () => {
  started();
  decide('invoices');
  expect(sink.of('reads')).toEqual({});
});

test('to start it twice changes nothing', () => {
  const fleet = started();
  meter.start(fleet.asMetered(), SETTINGS);
  decide();
  expect(sink.counts.get(READ)).toBe(1);
  expect(active()).toHaveLength(1);
  expect(fleet.closers.size).toBe(1);
});

test('to stop what is not measured does nothing', () => {
  meter.stop(new FakeFleet(fleetStatus()).asMetered());
  expect(meter.read()).toEqual([]);
});

test('two connections to one fleet are counted once; the first that is open shows the gauges', () => {
  const first = started();
  started({ bulkhead: { active: 5, queued: 0, shed: 0, max: 7 } });
  decide();
  expect(sink.counts.get(READ)).toBe(1);
  expect(active().map(({ value }) => value)).toEqual([2]);
  first.close();
  decide();
  expect(sink.counts.get(READ)).toBe(2);
  expect(active().map(({ value }) => value)).toEqual([5]);
});

test('a fleet that is connected again is counted on, and keeps the endpoints that it had', () => {
  const settings = { ...SETTINGS, maxEndpoints: 1 };
  const flags = (endpoint: string) => ({ allOff: false, endpoints: [{ endpoint, enabled: true, percent: 9 }] });
  started({ flags: flags('a') }, settings).close();
  started({ flags: flags('b') }, settings);
  expect(meter.read().filter(({ metric }) => metric === 'rollout')).toEqual([]);
  decide();
  expect(sink.counts.get(READ)).toBe(1);
});

test('endpoints with a flag come before those that are read first', () => {
  started(
    { flags: { allOff: false, endpoints: [{ endpoint: 'shop', enabled: true, percent: 9 }] } },
    {
      ...SETTINGS,
      maxEndpoints: 1,
    },
  );
  channels.decision.publish({ ...BASE, kind: 'read', target: 'replica', reason: 'replica', endpoint: 'cart' });
  channels.decision.publish({ ...BASE, kind: 'read', target: 'replica', reason: 'replica', endpoint: 'shop' });
  expect(Object.keys(sink.of('reads'))).toEqual([
    'reads{endpoint="other",reason="replica",target="replica"}',
    'reads{endpoint="shop",reason="replica",target="replica"}',
  ]);
});

test('default labels are on gauges and on counts', () => {
  const settings = { ...SETTINGS, defaultLabels: { service: 'shop' } };
  meter = new Meter(sink, settings, 'the registry');
  started({}, settings);
  decide();
  expect(active()[0]?.labels).toEqual({ ...BASE, service: 'shop' });
  expect(Object.keys(sink.of('reads'))).toEqual([
    'reads{endpoint="",reason="replica",service="shop",target="replica"}',
  ]);
});

test.each([
  ['other buckets', { ...SETTINGS, buckets: { ...DEFAULT_BUCKETS, calls: [1] } }],
  ['other names of labels', { ...SETTINGS, defaultLabels: { service: 'shop' } }],
])('%s than the first fleet had are refused, and nothing is measured', (_, settings) => {
  started();
  const other = new FakeFleet(fleetStatus({ fleet: 'invoices' }));
  expect(() => meter.start(other.asMetered(), settings)).toThrow(
    expect.objectContaining({ code: 'READFLEET_METRICS_DIFFER' }),
  );
  expect(active()).toHaveLength(1);
  expect(other.closers.size).toBe(0);
});
