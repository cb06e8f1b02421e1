/** When a composite alarm goes off, in terms of other alarms, by their names within the fleet. */
export type Expression =
  | { readonly alarm: string }
  | { readonly any: readonly Expression[] }
  | { readonly all: readonly Expression[] }
  | { readonly not: Expression };

export const inAlarm = (alarm: string): Expression => ({ alarm });
export const anyOf = (...any: readonly Expression[]): Expression => ({ any });
export const allOf = (...all: readonly Expression[]): Expression => ({ all });
export const not = (expression: Expression): Expression => ({ not: expression });

/**
 * True while at most one of them is false.
 *
 * CloudWatch cannot count, and to list every pair would outgrow its rules. So: for each binary digit of the positions, all of those
 * with a 0 there, or all of those with a 1. Two that are false differ in some digit, and there neither side holds; one that is false
 * leaves, in every digit, the side that it is not on. That takes n · log2 n terms.
 */
export function allButOne(all: readonly Expression[]): Expression {
  const digits = all.length < 2 ? 0 : Math.ceil(Math.log2(all.length));
  return allOf(
    ...Array.from({ length: digits }, (_, digit) => {
      const side = (bit: number) => allOf(...all.filter((_, position) => ((position >> digit) & 1) === bit));
      return anyOf(side(0), side(1));
    }),
  );
}

/** Names of the alarms that it speaks of, each once. */
export function alarmsIn(expression: Expression): readonly string[] {
  return [...new Set(names(expression))];
}

function names(expression: Expression): readonly string[] {
  if ('alarm' in expression) return [expression.alarm];
  if ('not' in expression) return names(expression.not);
  return ('any' in expression ? expression.any : expression.all).flatMap(names);
}

/** Characters that CloudWatch takes for the rule of a composite alarm. */
export const RULE_LENGTH = 10_240;
/** Alarms that a composite alarm may speak of. */
export const RULE_ALARMS = 100;

/**
 * As CloudWatch writes it.
 *
 * @param nameOf an alarm's full name, or a reference to it
 */
export function ruleText(expression: Expression, nameOf: (alarm: string) => string): string {
  if ('alarm' in expression) return `ALARM("${nameOf(expression.alarm)}")`;
  if ('not' in expression) return `NOT ${nested(expression.not, nameOf)}`;
  const [terms, operator, empty] =
    'any' in expression ? [expression.any, ' OR ', 'FALSE'] : [expression.all, ' AND ', 'TRUE'];
  const [only] = terms;
  if (only === undefined) return empty;
  if (terms.length === 1) return ruleText(only, nameOf);
  return terms.map((term) => nested(term, nameOf)).join(operator);
}

function nested(expression: Expression, nameOf: (alarm: string) => string): string {
  const text = ruleText(expression, nameOf);
  return / OR | AND |^NOT /.test(text) ? `(${text})` : text;
}
