import { readFileSync } from 'node:fs';
import path from 'node:path';
import { exemptions, POLICIES, POLICY_CODES } from '../../constructs';
import { tableRows } from './table';

const text = readFileSync(path.join(__dirname, '../../docs/policies.md'), 'utf8');

const codes = (cell: string | undefined) => cell?.match(/READFLEET_POLICY_\w+/g) ?? [];
const controls = tableRows(text, 'The controls').map(
  ([control, title, verdict]) => [String(control).replace('\\*', ''), title, String(verdict)] as const,
);

test('every policy stands in the table with what it asks for, its controls and its exemption, in order', () => {
  const reasons = new Map<string, string>(exemptions('development').map(({ policy, reason }) => [policy, reason]));

  expect(tableRows(text, 'The policies')).toEqual(
    POLICIES.map(({ code, title, controls }) => [
      `\`${code}\``,
      title,
      controls.join(', ') || '–',
      reasons.get(code) ?? '',
    ]),
  );
});

test.each(POLICIES.flatMap(({ code, controls }) => controls.map((control) => [control, code] as const)))(
  'control %s has the verdict of %s',
  (control, code) => {
    const row = controls.find(([name]) => name === control);

    expect(codes(row?.[2])[0]).toBe(code);
  },
);

test.each(controls)('control %s (%s): the policy that its verdict begins with stands for it', (control, _, verdict) => {
  const code = /^`(READFLEET_POLICY_\w+)`/.exec(verdict)?.[1];
  const policy = POLICIES.find((one) => one.code === code);

  if (code === undefined)
    expect(verdict).toMatch(/^(?:Not applicable|Not met on purpose|By |Clusters: |As |No longer |Retired )/);
  else expect(policy?.controls as readonly string[] | undefined).toContain(control);
});

test('every verdict names policies that exist', () => {
  for (const code of codes(text)) expect(POLICY_CODES).toContain(code);
});

test('no control stands there twice', () => {
  const names = controls.map(([name]) => name);

  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
