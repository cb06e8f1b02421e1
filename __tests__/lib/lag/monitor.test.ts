import type { Lag } from '../../../lib/lag/lag';
import { Monitor, type Watched } from '../../../lib/lag/monitor';
import type { Sighting } from '../../../lib/lag/sighting';
import { ManualClock, settle } from '../../support/manual-clock';
import { sighting } from '../../support/sightings';

const POLL_MS = 500;

class FakeMember implements Watched {
  readonly heard: { lag: Lag | undefined; provenAt: number | undefined }[] = [];
  readonly silences: string[] = [];
  questions = 0;
  answer: () => Promise<Sighting>;

  constructor(
    readonly name: string,
    private readonly clock: ManualClock,
    says: Partial<Sighting>,
  ) {
    this.answer = async () => sighting({ ...says, at: this.clock.now() });
  }

  says(differing: Partial<Sighting>): void {
    this.answer = async () => sighting({ ...differing, at: this.clock.now() });
  }

  ask(): Promise<Sighting> {
    this.questions += 1;
    return this.answer();
  }

  onSighting(_: Sighting, lag: Lag | undefined, provenAt: number | undefined): void {
    this.heard.push({ lag, provenAt });
  }

  onSilence(reason: string): void {
    this.silences.push(reason);
  }
}

function fleet() {
  const clock = new ManualClock();
  const primary = new FakeMember('primary', clock, { recovering: false, receiving: false, lsn: 1_000n });
  const replica = new FakeMember('blue', clock, { lsn: 1_000n });
  const monitor = new Monitor<FakeMember>(primary, () => [replica], { pollMs: POLL_MS, clock, random: () => 0.5 });
  return { clock, primary, replica, monitor };
}

test('the first round asks everyone, and a replica that keeps up is proved fresh as of it', async () => {
  const { primary, replica, monitor } = fleet();
  await monitor.start();
  expect([primary.questions, replica.questions]).toEqual([1, 1]);
  expect(replica.heard).toEqual([{ lag: { seconds: 0, bytes: 0 }, provenAt: 0 }]);
  monitor.stop();
});

test('on an idle primary lag stays zero and each round renews the proof', async () => {
  const { clock, replica, monitor } = fleet();
  await monitor.start();
  await clock.advance(4 * POLL_MS);
  expect(replica.heard.map(({ lag }) => lag?.seconds)).toEqual([0, 0, 0, 0, 0]);
  expect(replica.heard.at(-1)?.provenAt).toBe(4 * POLL_MS);
  monitor.stop();
});

test('a replica a moment behind is asked again within the round, so that a busy primary does not make it look one round old', async () => {
  const { clock, primary, replica, monitor } = fleet();
  await monitor.start();
  primary.says({ recovering: false, lsn: 2_000n });
  replica.says({ lsn: 1_990n });
  await clock.advance(POLL_MS);
  replica.says({ lsn: 2_000n });
  await clock.advance(POLL_MS / 2);
  expect(replica.heard.at(-1)).toEqual({ lag: { seconds: 0, bytes: 0 }, provenAt: POLL_MS });
  monitor.stop();
});

test('a replica that stands still grows older by the clock, and its distance is told', async () => {
  const { clock, primary, replica, monitor } = fleet();
  await monitor.start();
  primary.says({ recovering: false, lsn: 3_000n });
  await clock.advance(4 * POLL_MS + POLL_MS / 2 - 1);
  const { lag, provenAt } = replica.heard.at(-1) as { lag: Lag; provenAt: number };
  expect(provenAt).toBe(0);
  expect(lag.bytes).toBe(2_000);
  expect(lag.seconds).toBeGreaterThanOrEqual(2);
  monitor.stop();
});

test('a primary that does not answer does not keep the replicas from being asked', async () => {
  const { clock, primary, replica, monitor } = fleet();
  primary.answer = () => new Promise(() => undefined);
  void monitor.start();
  await clock.advance(100);
  expect(replica.questions).toBe(1);
  expect(replica.heard).toEqual([{ lag: undefined, provenAt: undefined }]);
  monitor.stop();
});

test('a member that hangs is not asked a second time meanwhile', async () => {
  const { clock, replica, monitor } = fleet();
  replica.answer = () => new Promise(() => undefined);
  void monitor.start();
  await clock.advance(10 * POLL_MS);
  expect(replica.questions).toBe(1);
  monitor.stop();
});

test('silence is told with its reason, and the next round asks again', async () => {
  const { clock, replica, monitor } = fleet();
  replica.answer = async () => {
    throw new Error('refused');
  };
  await monitor.start();
  replica.says({ lsn: 1_000n });
  await clock.advance(POLL_MS);
  expect(replica.silences).toEqual(['refused']);
  expect(replica.heard).toHaveLength(1);
  monitor.stop();
});

test('a new timeline of the primary forgets the positions of the old one', async () => {
  const { clock, primary, replica, monitor } = fleet();
  await monitor.start();
  primary.says({ recovering: false, lsn: 5_000n, timeline: 2 });
  replica.says({ lsn: 4_000n });
  await clock.advance(POLL_MS);
  expect(monitor.primaryTimeline).toBe(2);
  expect(replica.heard.at(-1)).toEqual({
    lag: { seconds: Number.POSITIVE_INFINITY, bytes: 1_000 },
    provenAt: undefined,
  });
  monitor.stop();
});

test('a check waits for the question under way, whose answer may be older than what raised the doubt', async () => {
  const { replica, monitor } = fleet();
  let answer: (says: Sighting) => void = () => undefined;
  replica.answer = () => new Promise((resolve) => (answer = resolve));
  void monitor.start();
  await settle();
  void monitor.check(replica);
  await settle();
  expect(replica.questions).toBe(1);
  answer(sighting());
  await settle();
  expect(replica.questions).toBe(2);
  monitor.stop();
});

test('a round that begins while the primary is asked waits for that answer before it asks the replicas', async () => {
  const { clock, primary, replica, monitor } = fleet();
  let answer: () => void = () => undefined;
  primary.answer = () => new Promise((resolve) => (answer = () => resolve(sighting({ recovering: false, at: 0 }))));
  void monitor.round();
  void monitor.round();
  await clock.advance(99);
  expect([primary.questions, replica.questions]).toEqual([1, 0]);
  answer();
  await settle();
  expect(replica.heard[0]?.lag).toEqual({ seconds: 0, bytes: 0 });
});

test('paused it asks nobody once the question under way was answered, and goes on when it is started again', async () => {
  const { clock, replica, monitor } = fleet();
  let answer: (says: Sighting) => void = () => undefined;
  replica.answer = () => new Promise((resolve) => (answer = resolve));
  const paused = jest.fn();
  void monitor.start();
  await settle();
  void monitor.pause().then(paused);
  await clock.advance(10 * POLL_MS);
  expect(paused).not.toHaveBeenCalled();
  answer(sighting());
  await clock.advance(10 * POLL_MS);
  expect(paused).toHaveBeenCalled();
  expect([replica.questions, replica.heard.length]).toEqual([1, 1]);
  replica.says({});
  await monitor.start();
  await clock.advance(POLL_MS);
  expect(replica.questions).toBe(3);
  monitor.stop();
});

test('it remembers as many positions of the primary as it is told to', async () => {
  const { clock, primary, replica } = fleet();
  const options = { pollMs: POLL_MS, clock, random: () => 0.5, remembered: 2 };
  const monitor = new Monitor<FakeMember>(primary, () => [replica], options);
  for (const lsn of [1_000n, 2_000n, 3_000n]) {
    primary.says({ recovering: false, lsn });
    replica.says({ lsn });
    await monitor.round();
  }
  expect([1_000n, 2_000n].map((lsn) => monitor.history.provenAt(lsn))).toEqual([undefined, 0]);
});

test('once stopped it sets no timer and tells nothing more', async () => {
  const { clock, replica, monitor } = fleet();
  await monitor.start();
  monitor.stop();
  const told = replica.heard.length;
  await clock.advance(10 * POLL_MS);
  expect(clock.timers).toBe(0);
  expect(replica.heard).toHaveLength(told);
});
