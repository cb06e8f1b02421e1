import { stateText, statusLines } from '../../../cli/status/render';
import { memberView, statusView } from './views';

const PLAIN = { colour: false };
const servers = { primary: { used: 12, max: 100 }, blue: { used: 4, max: 100 } };
const lineOf = (lines: readonly string[], name: string) => lines.find((line) => line.startsWith(`${name} `)) ?? '';

test('each member is a line, under a head and above nothing', () => {
  expect(statusLines({ status: statusView(), servers }, PLAIN)).toEqual([
    'orders/test  2 members, all well  2026-01-02 03:04:05 UTC',
    '',
    'member   role     state       lag  behind  latency  connections',
    'primary  primary  serving       -       -   1.3 ms    12 of 100',
    'blue     replica  serving  0.02 s   512 B   1.3 ms     4 of 100',
  ]);
});

test('a member that does not answer says why, and nothing it does not know', () => {
  const gone = memberView({ state: 'ejected', reason: 'connect ECONNREFUSED', lag: null, latencyMs: 0 });
  const lines = statusLines({ status: statusView({ members: [gone] }), servers: {} }, PLAIN);

  expect(lines[0]).toContain('1 member, 1 not well');
  expect(lineOf(lines, 'blue')).toMatch(/ejected: connect ECONNREFUSED +- +- +- +-$/);
});

test('a replica further behind than it was watched has no number', () => {
  const far = memberView({ state: 'lagging', lag: { seconds: null, bytes: 7_000_000 } });

  expect(lineOf(statusLines({ status: statusView({ members: [far] }), servers }, PLAIN), 'blue')).toMatch(
    /lagging +longer than watched +7\.0 MB/,
  );
});

test("an app's view has its pools, reads and breakers", () => {
  const members = [
    memberView({
      pool: { total: 30, idle: 0, waiting: 4, max: 30 },
      breaker: { state: 'open', forced: 'open' },
      errors: 2,
    }),
  ];
  const lines = statusLines({ status: statusView({ members }), servers: undefined }, PLAIN);

  expect(lines[2]).toMatch(/connections +reads +writes +errors +breaker$/);
  expect(lineOf(lines, 'blue')).toMatch(/30 of 30, 4 wait +7 +0 +2 +open \(by hand\)$/);
  expect(lines).toContain('fallback on the primary: 0 of 25, 0 waiting, 0 shed; 100 retries left');
});

test('what is switched off is told', () => {
  const endpoints = [
    { endpoint: 'search', enabled: false, rollout: 100 },
    { endpoint: 'feed', enabled: true, rollout: 25 },
    { endpoint: 'home', enabled: true, rollout: 100 },
  ];
  const lines = statusLines({ status: statusView({ flags: { allOff: true, endpoints } }), servers: undefined }, PLAIN);

  expect(lines).toContain('switched off: every endpoint; all reads go to the primary');
  expect(lines).toContain('switched off: search');
  expect(lines).toContain('rolled out in part: feed 25 %');
});

test('what takes more than a line of reasons is cut', () => {
  expect(stateText({ state: 'ejected', reason: 'x'.repeat(100) })).toHaveLength(60);
});

test('colour is beside the words, never instead of them', () => {
  const status = statusView({ members: [memberView({ state: 'disconnected', reason: 'no WAL receiver' })] });
  const painted = statusLines({ status, servers }, { colour: true }).join('\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them.
  const plain = painted.replace(/\u001b\[\d+m/g, '');

  expect(painted).not.toBe(plain);
  expect(plain).toBe(statusLines({ status, servers }, PLAIN).join('\n'));
});
