/**
 * Run in a project that has the package and its peers: each use, compiled, on one local fleet. Prints what became of each, and must end by itself.
 *
 *   node run-uses.cjs cjs index contract …
 */
const path = require('node:path');
const { connect } = require('readfleet');
const { startLocalFleet } = require('readfleet/local');

/** An assertion may show all of a long text. */
const LONGEST = 2_000;

async function main([ending, ...names]) {
  const results = [];
  const local = await startLocalFleet({ replicas: 1 });
  const fleet = await connect(local.contract);
  for (const name of names) {
    const file = path.join(__dirname, 'uses', `${name}.${ending}`);
    try {
      const use = ending === 'cjs' ? require(file).default : (await import(file)).default;
      await use({ contract: local.contract, fleet });
      results.push({ name });
    } catch (error) {
      results.push({ name, error: String(error?.stack ?? error).slice(0, LONGEST) });
    }
  }
  await fleet.close();
  await local.stop();
  console.log(JSON.stringify(results));
}

main(process.argv.slice(2));
