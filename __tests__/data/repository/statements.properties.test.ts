/** PostgreSQL's own parser reads what is built of whatever names: it must find these names, and nothing else. */
import fc from 'fast-check';
import { loadModule, parseSync } from 'libpg-query';
import { tableOf } from '../../../data/repository/definition';
import { deleteById, insertRows, selectById, selectMany, updateById } from '../../../data/repository/statements';
import { hostileNames } from './names';

beforeAll(() => loadModule());

/** A node of the parser's. */
type Tree = { readonly [key: string]: Tree } & readonly Tree[] & string;

interface Found {
  readonly kind: string;
  readonly relations: string[];
  readonly columns: string[];
  readonly parameters: number[];
  /** Literals that are no parameter. */
  readonly constants: number;
}

function parsed(sql: string): Found {
  const { stmts } = parseSync(sql) as unknown as { stmts: { stmt: Tree }[] };
  expect(stmts).toHaveLength(1);
  const found: Found & { constants: number } = { kind: '', relations: [], columns: [], parameters: [], constants: 0 };
  const statement = stmts[0]?.stmt ?? ({} as Tree);
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node as Record<string, Tree>)) {
      if (key === 'relname')
        found.relations.push([(node as Tree).schemaname, value].filter((part) => part !== undefined).join('\n'));
      if (key === 'ColumnRef')
        found.columns.push(
          (value.fields as unknown as { String: { sval: string } }[]).map(({ String: { sval } }) => sval).join('\n'),
        );
      // The columns of INSERT and SET.
      if (key === 'ResTarget' && value.name !== undefined) found.columns.push(value.name);
      if (key === 'ParamRef') found.parameters.push(Number(value.number));
      if (key === 'A_Const') found.constants += 1;
      walk(value);
    }
  };
  walk(statement);
  return { ...found, kind: Object.keys(statement)[0] ?? '' };
}

const definitions = hostileNames(6).map(([schema = '', table = '', ...names]) => ({
  schema,
  table,
  names,
  definition: tableOf({
    table: { schema, table },
    id: names.slice(0, 2),
    columns: Object.fromEntries(names.map((name) => [name, 'value'])),
    version: names[3],
  }),
}));

/** An object with these columns, also of those that mean something to JavaScript. */
function object(names: readonly string[], value: (name: string) => unknown = () => 1): object {
  return Object.fromEntries(names.map((name) => [name, value(name)]));
}

test('a statement is of its table and its columns, and has no value in its text', () => {
  fc.assert(
    fc.property(definitions, fc.string(), ({ schema, table, names, definition }, value) => {
      const [first = '', second = '', third = '', version = ''] = names;
      const id = object([first, second], () => value);
      const changes = object([third], () => value);
      const orderBy = [{ column: third, direction: 'desc', nulls: 'last' }];
      const statements = [
        ['SelectStmt', selectById(definition, id), [...names, first, second]],
        [
          'SelectStmt',
          selectMany(
            definition,
            object([first, third], () => value),
            { orderBy },
          ),
          [...names, first, third, third],
        ],
        [
          'SelectStmt',
          selectMany(
            definition,
            object([second], () => [value]),
          ),
          [...names, second, first, second],
        ],
        [
          'SelectStmt',
          selectMany(
            definition,
            object([second], () => null),
          ),
          [...names, second, first, second],
        ],
        ['InsertStmt', insertRows(definition, [object(names, () => value)]), [...names, ...names]],
        [
          'UpdateStmt',
          updateById(definition, id, changes, { version: 1 }),
          [...names, third, version, version, first, second, version],
        ],
        ['DeleteStmt', deleteById(definition, id, { version: 1 }), [...names, first, second, version]],
      ] as const;
      for (const [kind, statement, columns] of statements) {
        const { text = '', values = [] } = statement ?? {};
        const found = parsed(text);
        expect(found.kind).toBe(kind);
        expect(found.relations).toEqual([`${schema}\n${table}`]);
        expect([...found.columns].sort()).toEqual([...columns].sort());
        expect([...found.parameters].sort((a, b) => a - b)).toEqual(values.map((_, index) => index + 1));
        // The 1 that is added to a version.
        expect(found.constants).toBe(kind === 'UpdateStmt' ? 1 : 0);
      }
    }),
    { numRuns: 100 },
  );
});

test('the order in which columns are given is no other text', () => {
  fc.assert(
    fc.property(
      definitions.chain(({ names, definition }) =>
        fc.tuple(fc.constant(definition), fc.shuffledSubarray(names, { minLength: 1 }), fc.constant(names)),
      ),
      ([definition, some, names]) => {
        const inOrder = names.filter((name) => some.includes(name));
        const text = (order: string[]) => [
          selectMany(definition, object(order)).text,
          insertRows(definition, [object(order)]).text,
        ];
        expect(text(some)).toEqual(text(inOrder));
      },
    ),
  );
});

test('a column that was not declared is in no statement, whatever its name', () => {
  fc.assert(
    fc.property(hostileNames(3), ([id = '', other = '', unknown = '']) => {
      const definition = tableOf({ table: 't', id, columns: object([id, other], () => 'value') });
      const given = object([other, unknown]);
      const tries = [
        () => selectMany(definition, given),
        () => selectMany(definition, {}, { orderBy: [{ column: unknown }] }),
        () => insertRows(definition, [given]),
        () => updateById(definition, 1, given),
      ];
      for (const work of tries) expect(work).toThrow(/which is no column\. There are: /);
    }),
  );
});
