import type { Facts } from '../facts';
import { type Group, type Item, notOk, ok, unknown, unless, warning } from '../item';
import { byValue, type Reached, reached, sort, valuesText } from './fleet';

/** Do all servers read the same bytes in the same way. */
export const data: Group = {
  title: 'Data',
  judge: (facts: Facts) => {
    const there = reached(facts);
    return [...collation(there), ...extensions(there)];
  },
};

/** An index that one library sorted and another reads is read wrong: rows are missed, and duplicates let in. */
function collation(there: readonly Reached[]): Item[] {
  const id = 'data.collation';
  const { known, hidden } = sort(there, (facts) => facts.collation);
  if (known.length === 0) return [unknown(id, `not told before PostgreSQL 15: ${hidden[0]?.why}`)];
  const items: Item[] = known.flatMap(({ name, value: { recorded, actual, others } }) => {
    const made = recorded !== null && actual !== null && recorded !== actual ? [`the database's with ${recorded}`] : [];
    const all = [...made, ...others.map((collation) => `"${collation}"`)];
    if (all.length === 0) return [];
    return [
      notOk(
        id,
        `collations were made with another version than it has (${actual ?? 'unknown'}): ${all.join(', ')}`,
        'Indexes on text may be read wrong there. Give all servers one version of the library (one system image); else reindex on the primary, then alter database … refresh collation version.',
        name,
      ),
    ];
  });
  const versions = byValue(known.map(({ name, value }) => ({ name, value: value.actual ?? 'none' })));
  if (versions.size > 1) {
    items.push(
      notOk(
        id,
        `members sort text by different versions: ${valuesText(versions)}`,
        'An index is sorted by the primary and read by all: give all servers one version of the library.',
      ),
    );
  }
  return unless(
    items,
    ok(
      id,
      versions.has('none') ? 'a collation without versions' : `version ${[...versions.keys()].join()} on every one`,
    ),
  );
}

function extensions(there: readonly Reached[]): Item[] {
  const id = 'data.extensions';
  const { known, hidden } = sort(there, (facts) => facts.extensions);
  const [first] = known;
  if (!first) return [unknown(id, hidden[0]?.why ?? 'extensions are hidden')];
  const items = known.flatMap(({ name, value }) =>
    value
      .filter(({ available }) => !available)
      .map((extension) =>
        warning(
          id,
          `lacks the files of extension ${extension.name} ${extension.version}: what uses it fails there`,
          'Install the same packages on every server.',
          name,
        ),
      ),
  );
  return unless(
    items,
    ok(
      id,
      `installed everywhere: ${first.value.map(({ name, version }) => `${name} ${version}`).join(', ') || 'none'}`,
    ),
  );
}
