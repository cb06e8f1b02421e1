/**
 * The site with the reference of every entry of the package and the documents of `docs/`: `npm run docs:site`. Whatever TypeDoc warns of is an error,
 * a link that leads nowhere too.
 */
import { join, relative } from 'node:path';
import { Converter, OptionDefaults, ReflectionKind } from 'typedoc';
import { entries, project } from './.ci/package/manifest.mjs';

/** Documents of a folder stand together. */
const GROUPS = {
  'docs/orms/': 'ORMs',
  'docs/migrate/': 'Migration',
  'docs/runbooks/': 'Runbooks',
  'docs/decisions/': 'Decisions',
  'docs/figures/': 'Figures',
};

/** Entries are named as they are imported; documents by their heading. */
function names(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Module)) return;
    const entry = entries.find(({ types }) => moduleName(types) === reflection.name);
    if (entry) reflection.name = entry.specifier;
  });
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    const path = relative(project, document.project.files.getReflectionPath(document));
    const [folder] = Object.keys(GROUPS).filter((start) => path.startsWith(start));
    document.frontmatter.group = GROUPS[folder] ?? 'Documents';
    const heading = /^# (.+)/.exec(document.content[0]?.text ?? '');
    if (heading) document.name = heading[1].replaceAll('`', '');
  });
  // The front page has the project's name as its heading.
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project: { readme } }) => {
    readme[0].text = readme[0].text.replace(/^# .+\n+/, '');
  });
}

/** What TypeDoc calls an entry: its file, under the folder that all of them are in. */
function moduleName(types) {
  return relative(join(project, 'dist'), types).replace(/(\/index)?\.d\.ts$/, '');
}

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'readfleet',
  entryPoints: entries.map(({ types }) => relative(project, types)),
  tsconfig: '.ci/package/tsconfig.json',
  out: '.readfleet/site',
  readme: 'README.md',
  projectDocuments: ['docs/**/*.md'],
  plugin: [names],
  highlightLanguages: [...OptionDefaults.highlightLanguages, 'sql', 'diff', 'prisma'],
  sortEntryPoints: false,
  groupOrder: ['Modules', 'Documents', ...Object.values(GROUPS)],
  navigation: { includeGroups: true, includeFolders: false },
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  disableSources: true,
  hideGenerator: true,
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
  // What signatures may name is judged with the API reports.
  validation: { notExported: false, invalidLink: true, invalidPath: true, rewrittenLink: true, notDocumented: false },
};
