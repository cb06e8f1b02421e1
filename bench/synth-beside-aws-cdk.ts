/**
 * What synthesis of all environments costs beside AWS CDK with the same infrastructure: `npx tsx bench/synth-beside-aws-cdk.ts [rounds]`.
 *
 * bench/aws-cdk is a package of its own, installed on demand. Both are run by the same loader with the same options of Node,
 * those of cdktf.json: whole processes, rounds interleaved; the table shows medians. `resources` says that the work was really
 * done: Terraform and CloudFormation cut the same things into pieces of different size.
 *
 * As it comes, AWS CDK validates its templates against CloudFormation's schemas, and readfleet checks its environments and
 * stacks against rules of its own. What AWS CDK takes without its validation is shown too: most of its time and memory go there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Environment } from '../constructs';
import { loadEnvironments } from '../environments';
import { nodeOptions } from './app-command';
import type { Fleet } from './aws-cdk/fleet';
import { measure, median, peakHook, type Sample } from './measure';

const root = path.join(__dirname, '..');
const awsCdk = path.join(__dirname, 'aws-cdk');
const rounds = Number(process.argv[2] ?? 5);

async function main(): Promise<void> {
  if (!existsSync(path.join(awsCdk, 'node_modules', 'aws-cdk-lib'))) {
    const { status } = spawnSync('npm', ['ci'], { cwd: awsCdk, stdio: 'inherit', shell: process.platform === 'win32' });
    if (status !== 0) throw new Error('bench/aws-cdk could not be installed.');
  }
  const scratch = mkdtempSync(path.join(tmpdir(), 'readfleet-bench-'));
  try {
    await run(scratch);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

async function run(scratch: string): Promise<void> {
  const ours = path.join(scratch, 'cdktf.out');
  const theirs = path.join(scratch, 'cdk.out');
  const peakFile = path.join(scratch, 'peak');
  const hook = path.join(scratch, 'peak.cjs');
  const code = path.join(scratch, 'code');
  writeFileSync(hook, peakHook(peakFile));
  mkdirSync(code);
  writeFileSync(path.join(code, 'index.js'), `exports.handler = async () => 'x';\n`);

  const loader = ['--require', hook, ...nodeOptions()];
  const runOurs = () =>
    measure([...loader, path.join(root, 'main.ts')], {
      cwd: root,
      env: { ...process.env, CDKTF_OUTDIR: ours },
      peakFile,
    });
  // The first run of each fills the disk cache and the loader's own, and tells how much there is to declare.
  await runOurs();
  const fleets = loadEnvironments().map(({ environment }) => fleetOf(environment, stackIn(ours, environment.name)));
  const runTheirs = (validation: boolean) =>
    measure([...loader, path.join(awsCdk, 'app.ts')], {
      cwd: awsCdk,
      env: {
        ...process.env,
        CDK_OUTDIR: theirs,
        CDK_VALIDATION: String(validation),
        READFLEET_BENCH_CODE: code,
        READFLEET_BENCH_FLEETS: JSON.stringify(fleets),
      },
      peakFile,
    });
  await runTheirs(true);

  const samples: Record<'ours' | 'theirs' | 'withoutValidation', Sample[]> = {
    ours: [],
    theirs: [],
    withoutValidation: [],
  };
  for (let round = 0; round < rounds; round += 1) {
    samples.ours.push(await runOurs());
    samples.theirs.push(await runTheirs(true));
    samples.withoutValidation.push(await runTheirs(false));
  }
  const { version } = JSON.parse(readFileSync(path.join(awsCdk, 'node_modules/aws-cdk-lib/package.json'), 'utf8'));
  print('readfleet, all environments', samples.ours, resourcesOf(ours, fleets));
  print(`AWS CDK ${version}, the same`, samples.theirs, resourcesIn(theirs));
  print('AWS CDK, CDK_VALIDATION=false', samples.withoutValidation, resourcesIn(theirs));
  compare('AWS CDK as it comes', samples.theirs, samples.ours);
  compare('without its validation', samples.withoutValidation, samples.ours);
}

function compare(name: string, theirs: readonly Sample[], ours: readonly Sample[]): void {
  const ratio = (of: (sample: Sample) => number) => (median(theirs.map(of)) / median(ours.map(of))).toFixed(1);
  const [time, memory] = [ratio(({ seconds }) => seconds), ratio(({ peakMiB }) => peakMiB)];
  console.log(`${name} takes ${time} times as long as readfleet and ${memory} times the memory.`);
}

function print(name: string, samples: readonly Sample[], resources: number): void {
  const middle = (of: (sample: Sample) => number, digits: number) => median(samples.map(of)).toFixed(digits);
  const figures = [
    `${middle(({ seconds }) => seconds, 2)} s`,
    `peak ${middle(({ peakMiB }) => peakMiB, 0)} MiB`,
    `with children ${middle(({ treePeakMiB }) => treePeakMiB, 0)} MiB`,
    `${resources} resources`,
  ];
  console.log(`${name.padEnd(32)}${figures.join(', ')}   (medians of ${rounds})`);
}

interface StackJson {
  readonly resource: Readonly<Record<string, object>>;
}

function stackIn(outdir: string, name: string): StackJson {
  return JSON.parse(readFileSync(path.join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8')) as StackJson;
}

function count({ resource }: StackJson, type: string): number {
  return Object.keys(resource[type] ?? {}).length;
}

function resourcesOf(outdir: string, fleets: readonly Fleet[]): number {
  const stacks = fleets.map(({ name }) => stackIn(outdir, name));
  return stacks
    .flatMap(({ resource }) => Object.values(resource).map((all) => Object.keys(all).length))
    .reduce((a, b) => a + b, 0);
}

function resourcesIn(outdir: string): number {
  const templates = readdirSync(outdir).filter((name) => name.endsWith('.template.json'));
  return templates.reduce((sum, name) => {
    const { Resources } = JSON.parse(readFileSync(path.join(outdir, name), 'utf8')) as { readonly Resources: object };
    return sum + Object.keys(Resources).length;
  }, 0);
}

/** What the same environment is to AWS CDK. */
function fleetOf(environment: Environment, stack: StackJson): Fleet {
  const { database, fleet, name, network, proxy, region, topology } = environment;
  return {
    name,
    fleet,
    region,
    topology,
    zones: network.kind === 'create' ? network.zones : Object.keys(network.subnets),
    existingVpc: network.kind === 'existing',
    instanceClass: database.instanceClass,
    storageGiB: 'storage' in database ? database.storage.sizeGiB : 0,
    readers:
      topology === 'instances'
        ? Object.keys(environment.replicas)
        : topology === 'aurora'
          ? Object.keys(environment.readers)
          : [],
    proxy: proxy !== undefined,
    proxyReader: proxy !== undefined && 'readEndpoint' in proxy && proxy.readEndpoint,
    alarms: count(stack, 'aws_cloudwatch_metric_alarm'),
    composites: count(stack, 'aws_cloudwatch_composite_alarm'),
  };
}

main();
