import type { MemberStatus } from '../../lib';
import { type Glance, lines, stateText } from '../../start/view';
import { memberStatus } from '../support/member-status';

const REPORT = { reads: 0, writes: 0, failedReads: 0, failedWrites: 0, longestReadMs: 0, lastError: undefined };

function member(differing: Partial<MemberStatus>): MemberStatus {
  return memberStatus({ name: 'replica-1', ...differing });
}

const PRIMARY = member({ name: 'primary', role: 'primary', lag: undefined });

function glance(at: number, members: MemberStatus[], report = {}): Glance {
  const status = {
    fleet: 'local',
    environment: 'local',
    members,
    flags: { allOff: false, endpoints: [] },
    bulkhead: { active: 0, queued: 0, shed: 0, max: 25 },
    retriesLeft: 100,
  };
  return { at, status, report: { ...REPORT, ...report } };
}

test('each member has a line, with the rates and shares of the time between two glances', () => {
  const before = glance(0, [PRIMARY, member({ reads: 100 }), member({ name: 'replica-2', reads: 100 })]);
  const now = glance(
    2_000,
    [
      { ...PRIMARY, reads: 20 },
      member({ reads: 240 }),
      member({ name: 'replica-2', reads: 140, lag: { seconds: 1.234, bytes: 2_500_000 } }),
    ],
    { reads: 200, writes: 40, failedReads: 1, longestReadMs: 12.4, lastError: 'boom' },
  );
  expect(lines(before, now, (name) => (name === 'primary' ? 42 : undefined))).toEqual([
    'member     role     state       lag  lag bytes  reads/s  share  errors  pid',
    'primary    primary  serving       -          -       10   10 %       0   42',
    'replica-1  replica  serving  0.00 s        0 B       70   70 %       0    -',
    'replica-2  replica  serving  1.23 s     2.5 MB       20   20 %       0    -',
    '100 reads/s, 20 writes/s; since the start 200 reads, 1 failed, longest 12 ms; 40 writes, 0 failed; last error: boom',
  ]);
});

test('a replica that has become the primary counts from nothing, not below it', () => {
  const before = glance(0, [PRIMARY, member({ reads: 100 })]);
  const now = glance(1_000, [member({ role: 'primary', lag: undefined, reads: 7 })]);

  expect(lines(before, now, () => 1)[1]).toMatch(/^replica-1 .* 7 {2}100 %/);
});

test('a lag beyond what is remembered is not told in seconds', () => {
  const far = glance(0, [PRIMARY, member({ lag: { seconds: Number.POSITIVE_INFINITY, bytes: 5_000 } })]);

  expect(lines(far, far, () => 1)[2]).toMatch(/^replica-1 +replica +serving +- +5\.0 kB/);
});

test('without reads no share is claimed', () => {
  const still = glance(0, [PRIMARY]);
  expect(lines(still, { ...still, at: 1_000 }, () => 1)[1]).toContain('  -       0');
});

test('a member that is down says why, in the table in short', () => {
  const reason = 'terminating connection due to unexpected postmaster exit';
  expect(stateText({ kind: 'ejected', reason })).toBe(`ejected (${reason})`);
  const down = glance(0, [PRIMARY, member({ state: { kind: 'ejected', reason }, lag: undefined })]);
  expect(lines(down, down, () => 1)[2]).toContain('ejected (terminating connection due to unexpe...  ');
});

test('a replica that lost its receiver, and one that was promoted, are told apart', () => {
  expect(stateText({ kind: 'disconnected', reason: 'no WAL receiver', lag: undefined })).toBe(
    'disconnected (no WAL receiver)',
  );
  expect(stateText({ kind: 'promoted' })).toBe('promoted');
});
