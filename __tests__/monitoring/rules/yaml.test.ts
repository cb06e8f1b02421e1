import fc from 'fast-check';
import { parse } from 'yaml';
import { type Yaml, yaml } from '../../../monitoring/rules/yaml';

test('is written as people write it', () => {
  expect(yaml({ groups: [{ name: 'a "b"', rules: [{ for: '5m' }, { count: 3 }] }], none: [] })).toBe(
    'groups:\n  - name: "a \\"b\\""\n    rules:\n      - for: "5m"\n      - count: 3\nnone: []\n',
  );
});

test('is read as what was written, whatever the texts', () => {
  const { value } = fc.letrec<{ value: Yaml; text: string }>((tie) => ({
    text: fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'yes',
        'null',
        '1e3',
        '2026-01-01',
        '# no comment',
        '- a',
        'a: b',
        '',
        '\n',
        '{{ $value }}',
        '\u2028',
      ),
    ),
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      tie('text'),
      fc.integer(),
      fc.boolean(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{2,9}$/), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));

  fc.assert(fc.property(value, (any) => expect(parse(yaml(any))).toEqual(any)));
});
