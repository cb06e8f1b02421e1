import fc from 'fast-check';
import type { Sighting } from '../../../lib/lag/sighting';
import type { Facts } from '../../../lib/members/state';
import { type Election, elect, type LastKnown, type Voter } from '../../../lib/topology/election';
import { sighting } from '../../support/sightings';

/** The primary was last asked at 100, and stood at 1000 on timeline 1. */
const KNOWN: LastKnown = { timeline: 1, lsn: 1_000n, at: 100 };

function voter(name: string, role: Voter['role'], facts: Facts, silentMs = 0): Voter {
  return { name, role, facts, silentMs };
}

const alive = voter('primary', 'primary', { sighting: sighting({ recovering: false, at: 100 }) });
const silent: Voter = { ...alive, facts: { ...alive.facts, failure: 'refused' }, silentMs: 1_500 };
const demoted = voter('primary', 'primary', { sighting: sighting({ receiving: false, timeline: undefined, at: 300 }) });

function standby(name: string, differing: Partial<Sighting> = {}): Voter {
  return voter(name, 'replica', { sighting: sighting({ at: 200, ...differing }) });
}

/** A standby without a primary to hear from. */
function orphan(name: string, lsn = 1_000n): Voter {
  return standby(name, { receiving: false, timeline: undefined, lsn });
}

function promoted(name: string, differing: Partial<Sighting> = {}, seen: Partial<Voter['promotion']> = {}): Voter {
  const said = sighting({ recovering: false, at: 200, lsn: 1_100n, timeline: 2, ...differing });
  return {
    ...voter(name, 'replica', { sighting: said }),
    promotion: { at: 150, lsn: said.lsn, timeline: said.timeline, ...seen },
  };
}

function reasonOf(election: Election): string {
  return election.kind === 'keep' ? 'keep' : election.reason;
}

describe('the writer stays', () => {
  test.each<[string, Voter]>([
    ['while it answers', alive],
    ['while it has failed for less than the time', { ...silent, silentMs: 999 }],
    ['while it has not been asked yet', voter('primary', 'primary', {})],
  ])('%s, whoever else claims to be a primary', (_, writer) => {
    expect(elect(writer, [promoted('blue'), standby('green', { timeline: 2 })], KNOWN)).toEqual({ kind: 'keep' });
  });

  test('for as long as the caller says', () => {
    expect(elect(silent, [promoted('blue')], KNOWN, { silenceMs: 1_501 }).kind).toBe('keep');
    expect(elect(silent, [promoted('blue')], KNOWN, { silenceMs: 1_500 }).kind).toBe('adopt');
  });
});

describe('the successor', () => {
  test('is the reader that was promoted on a newer timeline, after the primary fell silent', () => {
    expect(elect(silent, [promoted('blue'), orphan('green')], KNOWN)).toEqual({
      kind: 'adopt',
      name: 'blue',
      reason: 'primary has not answered for 1500 ms; blue was promoted on timeline 2',
    });
  });

  test('has lost nothing that is known of when it begins where the primary was last seen', () => {
    expect(reasonOf(elect(silent, [promoted('blue', { lsn: 1_000n })], KNOWN))).not.toContain('lost');
  });

  test('is the same when the primary comes back in recovery', () => {
    expect(elect(demoted, [promoted('blue')], KNOWN)).toEqual({
      kind: 'adopt',
      name: 'blue',
      reason: 'primary is in recovery; blue was promoted on timeline 2',
    });
  });

  test('has the newest timeline of all', () => {
    expect(elect(silent, [promoted('blue'), promoted('green', { timeline: 3 })], KNOWN)).toMatchObject({
      name: 'green',
    });
  });

  test('may lack what the primary never sent, and that is told in bytes', () => {
    const blue = promoted('blue', { lsn: 900n });
    expect(reasonOf(elect(silent, [blue], KNOWN))).toContain("at least 100 bytes of the old primary's log are lost");
  });

  test('may lack what a primary of before has, which is in recovery now: that is its tail that was never sent', () => {
    const tail: Voter = {
      ...demoted,
      facts: { sighting: sighting({ receiving: false, timeline: undefined, lsn: 9_999n }) },
    };
    expect(elect(tail, [promoted('blue')], KNOWN).kind).toBe('adopt');
  });

  test('is adopted although a reader is silent, and that is told: it was promoted by somebody who may know more', () => {
    const green: Voter = { ...orphan('green', 5_000n), silentMs: 1_500 };
    const white = voter('white', 'replica', { ...orphan('white').facts, failure: 'reset' });
    expect(reasonOf(elect(silent, [white, promoted('blue'), green], KNOWN))).toContain(
      'green, white did not answer and may have more',
    );
  });

  test('is judged by where it was first seen: what it wrote since moves it past everybody', () => {
    const blue = promoted('blue', { lsn: 9_000n }, { lsn: 900n });
    expect(reasonOf(elect(silent, [blue], KNOWN))).toContain('at least 100 bytes');
    expect(elect(silent, [blue, orphan('green', 901n)], KNOWN).kind).toBe('undecided');
    expect(elect(silent, [blue, orphan('green', 900n)], KNOWN).kind).toBe('adopt');
  });

  test('need not tell how it was first seen', () => {
    const { promotion: _, ...blue } = promoted('blue');
    expect(elect(silent, [blue], KNOWN).kind).toBe('adopt');
    expect(elect(silent, [blue, orphan('green', 1_101n)], KNOWN).kind).toBe('undecided');
  });
});

describe('nobody is provably the successor', () => {
  test.each<[string, readonly Voter[], string]>([
    ['without readers', [], 'no reader that answers has been promoted'],
    ['while all are in recovery', [orphan('green')], 'no reader that answers has been promoted'],
    [
      'when the promoted one does not answer',
      [{ ...promoted('blue'), silentMs: 1_000 }],
      'no reader that answers has been promoted',
    ],
    [
      'when the promoted one has just failed',
      [voter('blue', 'replica', { ...promoted('blue').facts, failure: 'reset' })],
      'no reader that answers has been promoted',
    ],
    [
      'on the same timeline: it is the primary by another name, or a primary of long ago',
      [promoted('blue', { timeline: 1 })],
      'blue is out of recovery on timeline 1, which is not newer than 1, primary',
    ],
    [
      'on a timeline that is not known',
      [promoted('blue', { timeline: undefined })],
      'blue is out of recovery on a timeline that it does not tell',
    ],
    [
      'when two were promoted',
      [promoted('green'), promoted('blue')],
      'blue and green are both primaries on timeline 2: none is provably the successor',
    ],
    [
      'when another reader has more',
      [promoted('blue'), orphan('green', 1_107n)],
      'blue was promoted, but green has 7 bytes of the log that blue never had',
    ],
    [
      'while another reader still streams from the old primary, which only we do not reach',
      [promoted('blue'), standby('green')],
      'green still streams from a primary on timeline 1: primary may be alive',
    ],
    [
      'at a position that is not known',
      [promoted('blue', { lsn: undefined })],
      'blue was promoted, but does not tell its position',
    ],
  ])('%s', (_, readers, reason) => {
    const election = elect(silent, readers, KNOWN);
    expect(election.kind).toBe('undecided');
    expect(reasonOf(election)).toContain(reason);
    expect(reasonOf(election)).toContain('primary has not answered for 1500 ms, and ');
  });

  test('a standby that streams from a writer in recovery is no sign of a living primary', () => {
    expect(elect(demoted, [promoted('blue'), standby('green')], KNOWN).kind).toBe('adopt');
  });

  test('a standby that streams from a primary of before the last one is none either', () => {
    const blue = promoted('blue', { timeline: 3 });
    expect(elect(silent, [blue, standby('green', { lsn: 5n })], { ...KNOWN, timeline: 2 }).kind).toBe('adopt');
  });

  test('a standby on the old timeline that hears from nobody is none', () => {
    expect(elect(silent, [promoted('blue'), standby('green', { receiving: false })], KNOWN).kind).toBe('adopt');
  });

  test('a standby that may not tell its timeline may stream from the successor: only past its present end it is ahead', () => {
    const blue = promoted('blue', { lsn: 5_000n }, { lsn: 1_100n });
    const unknown = (lsn: bigint) => standby('green', { timeline: undefined, lsn });
    expect(elect(silent, [blue, unknown(5_000n)], KNOWN).kind).toBe('adopt');
    expect(elect(silent, [blue, unknown(5_001n)], KNOWN).kind).toBe('undecided');
  });
});

describe('a promotion beside the primary', () => {
  const accident = promoted('blue', {}, { at: 99 });

  test('is an accident, also once the primary has gone', () => {
    const election = elect(silent, [accident, orphan('green')], KNOWN);
    expect(election.kind).toBe('undecided');
    expect(reasonOf(election)).toContain(
      'blue was promoted beside primary, which still took writes, and nobody follows blue',
    );
    expect(elect(demoted, [accident], KNOWN).kind).toBe('undecided');
  });

  test('of which the time is not known counts as one', () => {
    expect(elect(silent, [promoted('blue', {}, { at: Number.NEGATIVE_INFINITY })], KNOWN).kind).toBe('undecided');
  });

  test('is told apart by the primary’s last answer as the primary', () => {
    const { at: _, ...known } = KNOWN;
    expect(elect(silent, [promoted('blue', {}, { at: 100 })], known).kind).toBe('adopt');
    expect(elect(silent, [accident], known).kind).toBe('undecided');
    // In recovery it tells no more when it was the primary.
    expect(elect(demoted, [promoted('blue')], known).kind).toBe('undecided');
  });

  test('does not stand in the way of the one that was promoted after the primary had gone', () => {
    expect(elect(silent, [accident, promoted('green')], KNOWN)).toMatchObject({ kind: 'adopt', name: 'green' });
  });

  test('is the succession when another reader follows it', () => {
    const election = elect(silent, [accident, standby('green', { timeline: 2, lsn: 9_999n })], KNOWN);
    expect(election).toMatchObject({ kind: 'adopt', name: 'blue' });
  });

  test('is the succession when the primary of before follows it', () => {
    const following: Voter = { ...demoted, facts: { sighting: sighting({ timeline: 2 }) } };
    expect(elect(following, [accident], KNOWN)).toMatchObject({ kind: 'adopt', name: 'blue' });
  });
});

describe('a primary that was never seen', () => {
  const unseen = voter('primary', 'primary', { failure: 'refused' }, 1_500);
  const nothing: LastKnown = { timeline: undefined, lsn: undefined };
  const found = promoted('blue', {}, { at: Number.NEGATIVE_INFINITY });

  test('is succeeded by nobody, since any replica promoted by accident looks the same', () => {
    expect(reasonOf(elect(unseen, [found, orphan('green')], nothing))).toContain(
      'blue is a primary on timeline 2, but primary was never seen, and nobody follows blue',
    );
  });

  test('is succeeded by the one that others follow', () => {
    expect(elect(unseen, [found, standby('green', { timeline: 2 })], nothing)).toMatchObject({ name: 'blue' });
  });
});

describe('laws', () => {
  const timelines = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined });
  const positions = fc.option(fc.bigInt({ min: 0n, max: 5n }), { nil: undefined });
  const sightings: fc.Arbitrary<Sighting> = fc.record({
    at: fc.integer({ min: 0, max: 5 }),
    recovering: fc.boolean(),
    receiving: fc.boolean(),
    lsn: positions,
    timeline: timelines,
  });
  const facts: fc.Arbitrary<Facts> = fc.record({
    sighting: fc.option(sightings, { nil: undefined, freq: 9 }),
    failure: fc.option(fc.constant('reset'), { nil: undefined, freq: 1 }),
  });
  const silences = fc.constantFrom(0, 0, 500, 1_000);
  const writers: fc.Arbitrary<Voter> = fc.record({
    name: fc.constant('primary'),
    role: fc.constant('primary' as const),
    facts,
    silentMs: silences,
  });
  const readers: fc.Arbitrary<Voter[]> = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('blue', 'green', 'white', 'red'),
      role: fc.constant('replica' as const),
      facts,
      silentMs: silences,
      promotion: fc.option(
        fc.record({
          at: fc.constantFrom(Number.NEGATIVE_INFINITY, 0, 3, 5),
          lsn: positions,
          timeline: timelines,
        }),
        { nil: undefined },
      ),
    }),
    { selector: ({ name }) => name, maxLength: 4 },
  );
  const knowns: fc.Arbitrary<LastKnown> = fc.record({
    timeline: timelines,
    lsn: positions,
    at: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
  });

  /** Runs `law` on what is elected; of random members one is adopted often enough to be a test. */
  function hold(
    law: (election: Election, writer: Voter, readers: readonly Voter[], known: LastKnown) => boolean | undefined,
  ): void {
    let adopted = 0;
    fc.assert(
      fc.property(writers, readers, knowns, (writer, others, known) => {
        const election = elect(writer, others, known);
        if (election.kind === 'adopt') adopted += 1;
        return law(election, writer, others, known) ?? true;
      }),
      { numRuns: 3_000 },
    );
    expect(adopted).toBeGreaterThan(20);
  }

  test('a writer that answers out of recovery is never replaced', () => {
    hold((election, { facts: { sighting: said, failure }, silentMs }) => {
      if (silentMs >= 1_000 || failure !== undefined || said?.recovering !== false) return undefined;
      return election.kind === 'keep';
    });
  });

  test('never two writers: one that is kept answers or has not been silent for long, one that is adopted succeeds one that is gone', () => {
    hold((election, { facts: { sighting: said }, silentMs }) => {
      if (election.kind === 'keep') return silentMs < 1_000;
      return silentMs >= 1_000 || said?.recovering === true;
    });
  });

  test('who is adopted is a reader that answers, out of recovery, on a timeline newer than the primary’s and no other’s', () => {
    hold((election, _, others, known) => {
      if (election.kind !== 'adopt') return undefined;
      const chosen = others.find(({ name }) => name === election.name);
      const said = chosen?.facts.sighting;
      return (
        chosen?.silentMs !== 1_000 &&
        chosen?.facts.failure === undefined &&
        said?.recovering === false &&
        said.timeline !== undefined &&
        said.timeline > (known.timeline ?? 0)
      );
    });
  });

  test('the order of the readers does not matter', () => {
    hold((election, writer, others, known) => {
      const turned = elect(writer, [...others].reverse(), known);
      return JSON.stringify(turned) === JSON.stringify(election);
    });
  });

  test('no standby that answers and hears from nobody holds more than who is adopted did', () => {
    hold((election, _, others) => {
      if (election.kind !== 'adopt') return undefined;
      const chosen = others.find(({ name }) => name === election.name);
      const first = chosen?.promotion?.lsn ?? chosen?.facts.sighting?.lsn ?? 0n;
      return others.every(({ silentMs, facts: { sighting: said, failure } }) => {
        if (silentMs >= 1_000 || failure !== undefined || !said?.recovering || said.receiving) return true;
        return (said.lsn ?? 0n) <= first;
      });
    });
  });

  test('who was promoted beside the primary is adopted only when somebody follows', () => {
    hold((election, writer, others, known) => {
      if (election.kind !== 'adopt') return undefined;
      const chosen = others.find(({ name }) => name === election.name);
      const timeline = chosen?.facts.sighting?.timeline;
      if (known.at === undefined || chosen?.promotion === undefined || chosen.promotion.at >= known.at)
        return undefined;
      return [writer, ...others].some(
        ({ facts: { sighting: said } }) => said?.recovering && said.receiving && said.timeline === timeline,
      );
    });
  });
});
