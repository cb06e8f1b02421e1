import fc from 'fast-check';
import {
  alarmsIn,
  allButOne,
  allOf,
  anyOf,
  type Expression,
  inAlarm,
  not,
  ruleText,
} from '../../../constructs/alarms/expression';
import { holds } from './support';

const [a, b, c] = ['a', 'b', 'c'].map(inAlarm) as [Expression, Expression, Expression];
const text = (expression: Expression) => ruleText(expression, (name) => name);

test.each([
  [a, 'ALARM("a")'],
  [anyOf(a, b), 'ALARM("a") OR ALARM("b")'],
  [allOf(a, b, c), 'ALARM("a") AND ALARM("b") AND ALARM("c")'],
  [allOf(anyOf(a, b), c), '(ALARM("a") OR ALARM("b")) AND ALARM("c")'],
  [allOf(a, not(b)), 'ALARM("a") AND (NOT ALARM("b"))'],
  [not(anyOf(a, b)), 'NOT (ALARM("a") OR ALARM("b"))'],
  [anyOf(allOf(a)), 'ALARM("a")'],
  [allOf(), 'TRUE'],
  [anyOf(), 'FALSE'],
])('%j is written as CloudWatch reads it', (expression, written) => {
  expect(text(expression)).toBe(written);
});

test('an alarm is named by whoever writes the rule', () => {
  expect(ruleText(anyOf(a, b), (name) => `orders-test-${name}`)).toBe(
    'ALARM("orders-test-a") OR ALARM("orders-test-b")',
  );
});

test('the alarms of an expression are told once each', () => {
  expect(alarmsIn(allOf(anyOf(a, b), not(a), c))).toEqual(['a', 'b', 'c']);
});

test('all but one holds exactly while at most one does not', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), (states) => {
      const names = states.map((_, index) => `reader-${index}`);
      const on = new Set(names.filter((_, index) => states[index]));

      expect(holds(allButOne(names.map(inAlarm)), on)).toBe(states.filter((state) => !state).length <= 1);
    }),
    { numRuns: 500 },
  );
});

const expression: fc.Arbitrary<Expression> = fc.letrec<{ node: Expression }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(a, b, c),
    fc.array(tie('node'), { maxLength: 3 }).map((all) => allOf(...all)),
    fc.array(tie('node'), { maxLength: 3 }).map((any) => anyOf(...any)),
    tie('node').map(not),
  ),
})).node;

/** A rule as CloudWatch may read it. It documents no order of AND before OR, so a group that mixes them means nothing here. */
function read(rule: string, on: readonly string[]): boolean {
  let rest = rule.replace(/ALARM\("(\w)"\)/g, (_, name: string) => (on.includes(name) ? 'TRUE' : 'FALSE'));
  while (rest.includes('(')) {
    const before = rest;
    rest = rest.replace(/\(([^()]*)\)/, (_, group: string) => (flat(group) ? 'TRUE' : 'FALSE'));
    if (rest === before) throw new Error(`Brackets do not match: ${rest}`);
  }
  return flat(rest);
}

function flat(group: string): boolean {
  if (/ AND /.test(group) && / OR /.test(group)) throw new Error(`Mixed without brackets: ${group}`);
  if (/ OR /.test(group)) return group.split(' OR ').some(flat);
  if (/ AND /.test(group)) return group.split(' AND ').every(flat);
  const [, negated, word] = /^(NOT )?(TRUE|FALSE)$/.exec(group) ?? [];
  if (word === undefined) throw new Error(`Not a term: ${group}`);
  return (word === 'TRUE') !== (negated !== undefined);
}

test('what is written means what was said, whatever is nested in what', () => {
  fc.assert(
    fc.property(expression, fc.subarray(['a', 'b', 'c']), (said, on) => {
      expect(read(text(said), on)).toBe(holds(said, new Set(on)));
    }),
    { numRuns: 500 },
  );
});
