import { GROUPS } from '../../../cli/doctor/checks';
import { reportLines } from '../../../cli/doctor/render';
import { exitCodeOf, reportOf } from '../../../cli/doctor/report';
import { but, healthy, hidden, server, silent } from './facts';

const IO = { colour: false, columns: undefined };
const LINES = { quiet: false, lossProbed: false };

test('of a fleet in which all is well, every item is ok', () => {
  const facts = healthy();
  const report = reportOf(facts);
  const unwell = report.groups.flatMap(({ items }) => items.filter(({ verdict }) => verdict !== 'ok'));

  expect(unwell).toEqual([]);
  expect(report.counts.ok).toBeGreaterThan(25);
  expect(exitCodeOf(report, facts)).toBe(0);
});

test('ids are of the form group.item, and an ok item stands there once', () => {
  const ids = reportOf(healthy()).groups.flatMap(({ items }) => items.map(({ id }) => id));

  for (const id of ids) expect(id).toMatch(/^[a-z]+\.[a-z-]+$/);
  expect(new Set(ids).size).toBe(ids.length);
});

test('where something is not ok the exit code is 1, and what is not ok says what to do', () => {
  const facts = silent(healthy(), ['blue']);
  const report = reportOf(facts);

  expect(exitCodeOf(report, facts)).toBe(1);
  for (const { verdict, fix } of report.groups.flatMap(({ items }) => items)) {
    if (verdict === 'not ok' || verdict === 'warning') expect(fix).toMatch(/\S/);
  }
});

test('warnings do not count', () => {
  const facts = but(healthy(), { blue: { conflicts: { value: { cancelled: 3, since: null } } } });
  const report = reportOf(facts);

  expect(report.counts.warning).toBe(1);
  expect(exitCodeOf(report, facts)).toBe(0);
});

test('where nobody answers there is no more to say, and the exit code is 3', () => {
  const facts = silent({ ...healthy(), routing: hidden('no member') }, ['primary', 'blue', 'green']);
  const report = reportOf(facts);

  expect(exitCodeOf(report, facts)).toBe(3);
  expect(report.groups.map(({ title }) => title)).toEqual(['Contract', 'Members answer']);
  expect(report.counts['not ok']).toBe(3);
});

test.each([['primary'], ['blue'], ['primary', 'blue'], ['blue', 'green'], ['primary', 'green']])(
  'whoever is away (%s), every group judges what is left',
  (...names) => {
    const facts = silent({ ...healthy(), routing: hidden('away') }, names);

    for (const group of GROUPS) expect(() => group.judge(facts)).not.toThrow();
    expect(reportOf(facts).counts['not ok']).toBeGreaterThanOrEqual(names.length);
  },
);

test('whatever a role may not see, every group judges what it may', () => {
  const facts = healthy();
  const nothing = Object.fromEntries(
    Object.keys(server('primary'))
      .filter((fact) => fact !== 'basics' && fact !== 'connectMs')
      .map((fact) => [fact, hidden()]),
  );
  const report = reportOf(but(facts, { primary: nothing, blue: nothing, green: nothing }));

  expect(report.counts['not ok']).toBe(0);
  expect(report.counts.unknown).toBeGreaterThan(8);
});

test('as text: groups, items, what to do, what was not looked at, and a summary', () => {
  const lines = reportLines(reportOf(silent(healthy(), ['blue'])), LINES, IO);

  expect(lines[0]).toBe('orders/test');
  expect(lines).toContain('Members answer');
  expect(lines).toContain(
    '  NOT OK   reach.answers          blue: 127.0.0.1:5433 does not: connect ECONNREFUSED 127.0.0.1:5433',
  );
  expect(lines).toContain(`${' '.repeat(34)}-> Nothing listens there: is its server running, and is this its port?`);
  expect(lines).toContain('  - whether a replica can be promoted: doctor promotes nothing');
  expect(lines.at(-1)).toMatch(/^\d+ items: \d+ ok, 0 warnings, 1 not ok, 0 could not be found out$/);
});

test('--quiet leaves out what is ok, and groups that are', () => {
  const report = reportOf(silent(healthy(), ['blue']));

  const lines = reportLines(report, { ...LINES, quiet: true }, IO);

  expect(lines.filter((line) => line.startsWith('  ok'))).toEqual([]);
  expect(lines).not.toContain('Contract');
  expect(lines).toHaveLength(5);
});

test('a cut connection is told as not looked at until it was', () => {
  const report = reportOf(healthy());
  const cut = (lossProbed: boolean) =>
    reportLines(report, { quiet: false, lossProbed }, IO).some((line) => line.includes('--allow-failover-probe'));

  expect([cut(false), cut(true)]).toEqual([true, false]);
});

test('on a terminal, lines are as long as it is wide, and indented', () => {
  const lines = reportLines(reportOf(healthy()), LINES, { colour: false, columns: 90 });
  const checklist = lines.slice(0, lines.indexOf('Not looked at:'));

  for (const line of checklist) expect(line.length).toBeLessThanOrEqual(90);
  expect(checklist.some((line) => line.startsWith(' '.repeat(33)))).toBe(true);
});

test('colour changes no word', () => {
  const report = reportOf(silent(healthy(), ['blue']));
  const painted = reportLines(report, LINES, { colour: true, columns: undefined }).join('\n');

  expect(painted).toContain('\u001b[31mNOT OK\u001b[0m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them.
  expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(reportLines(report, LINES, IO).join('\n'));
});
