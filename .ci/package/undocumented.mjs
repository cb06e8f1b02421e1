/** `// @public (undocumented)` at the margin is of what stands below it; further in it would be of a member. */
const WITHOUT = /^\/\/ @.*\(undocumented\)$/m;
const DECLARES =
  /^(export )?(?:declare |abstract |default )*(?:class|const|enum|function|interface|namespace|type|let|var) ([\w$]+)/m;

/**
 * What a report shows to users without TSDoc, each name once: also a function of which one overload has none. What a file keeps to itself nobody meets, and
 * a member often says all by its name.
 */
export function undocumented(report) {
  const names = report
    .split('\n\n')
    .filter((paragraph) => WITHOUT.test(paragraph))
    .map((paragraph) => {
      const [, exported, name] = DECLARES.exec(paragraph) ?? [];
      return exported ? name : exportedAs(name, report);
    });
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** One whose name another has too is declared by a name with a number, and exported by its own. */
function exportedAs(name, report) {
  const renamed = [...report.matchAll(/^export \{ ([\w$]+) as ([\w$]+) \}/gm)].find(([, local]) => local === name);
  return renamed?.[2];
}
