/**
 * Lets Node run this project's TypeScript: `node --require ./register.cjs main.ts` (docs/decisions/0023-what-synth-costs.md).
 *
 * tsx also reads each JavaScript file of node_modules, to see whether it is an ES module, which costs a fifth of a synthesis. They
 * are what they say they are: those go to Node's own loader.
 */
const path = require('node:path');
const Module = require('node:module');

const loaders = Module._extensions;
const ofNode = loaders['.js'];
require('tsx/cjs');
const ofTsx = loaders['.js'];
const packages = `${path.sep}node_modules${path.sep}`;

// Node would read the source map of each file, for stack traces that hardly anyone sees: `npx tsx main.ts` has them.
process.setSourceMapsEnabled(process.execArgv.includes('--enable-source-maps'));

loaders['.js'] = (module, file) => (file.includes(packages) ? ofNode : ofTsx)(module, file);
