import type { Column, Table } from './definition';
import { refused, told } from './errors';

/** Columns with values, as somebody gave them. */
export type Given = Readonly<Record<string, unknown>>;

/**
 * What is given for columns, in the order of the definition.
 *
 * Only what an object has of its own is a column. What could look like one to its writer and is none would widen the statement, so it is refused:
 *
 * - an object of a class without anything of its own, where `{}` would say all rows: a Map, a Date, a filter that is all getters
 * - an object of a class that has a column from the class, a getter say
 *
 * Other objects of classes (entities, checked input) are as good as plain ones.
 */
export function given(
  table: Table,
  object: unknown,
  what: string,
  undefineds: 'refuse' | 'leave',
): Map<Column, unknown> {
  if (typeof object !== 'object' || object === null || Array.isArray(object))
    throw refused(table.label, `\`${what}\` must be an object with columns, got: ${told(object)}.`);
  if (!isPlain(object)) checkOfClass(table, object, what);
  for (const name of Object.keys(object)) {
    if (table.columns.has(name)) continue;
    const names = [...table.columns.keys()].join(', ');
    throw refused(table.label, `\`${what}\` has ${JSON.stringify(name)}, which is no column. There are: ${names}.`);
  }
  const found = new Map<Column, unknown>();
  for (const column of table.columns.values()) {
    if (!Object.hasOwn(object, column.name)) continue;
    const value = (object as Given)[column.name];
    if (value !== undefined) found.set(column, value);
    else if (undefineds === 'refuse')
      throw refused(
        table.label,
        `\`${what}\` has ${column.name}: undefined, which could mean every row or none. Leave the column out, or say null.`,
      );
  }
  return found;
}

/** @throws ReadfleetError `READFLEET_REPOSITORY_ARGUMENT` when columns would be left out, since the object has them elsewhere */
function checkOfClass(table: Table, object: object, what: string): void {
  if (Object.keys(object).length === 0)
    throw refused(
      table.label,
      `\`${what}\` must be an object with columns of its own, got: ${told(object)}, which has none. Write them out: { column: value }.`,
    );
  for (const { name } of table.columns.values()) {
    if (Object.hasOwn(object, name) || !isOfItsClass(object, name)) continue;
    throw refused(
      table.label,
      `\`${what}\` is ${told(object)}, which has ${name} from its class and not of its own: it would be left out. Write it out: { ${name}: value }.`,
    );
  }
}

/** Whether the object has something of that name from its class, or from one above it. */
function isOfItsClass(object: object, name: string): boolean {
  if (name === 'constructor') return false;
  let above: object | null = Object.getPrototypeOf(object);
  while (above !== null && !isRoot(above)) {
    if (Object.hasOwn(above, name)) return true;
    above = Object.getPrototypeOf(above);
  }
  return false;
}

/** Whether it is of no class. */
export function isPlain(object: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(object);
  return prototype === null || isRoot(prototype);
}

/** Whether it is the `Object.prototype` of any realm: a test runner's objects may be of another. */
function isRoot(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}
