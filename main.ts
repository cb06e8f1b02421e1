import { App } from 'cdktf';
import { type Environment, ReadFleetStack, ReadfleetError, tellAllStacks } from './constructs';
import { loadEnvironments } from './environments';

export interface CreateAppOptions {
  /**
   * Where the Terraform JSON goes.
   * @default "cdktf.out", or what the cdktf command line says
   */
  readonly outdir?: string;
  /** @default - every file of `environments/` */
  readonly environments?: readonly Environment[];
  /**
   * For plans without an account: no call to AWS, local state, and keys that no AWS accepts.
   * @default - whether READFLEET_OFFLINE is 1
   */
  readonly offline?: boolean;
}

/**
 * The cdktf app: one self-contained stack per environment, of the environment's name.
 *
 * Its `synth()` throws an InvalidConfigError with what the policies refuse in all stacks at once.
 *
 * @throws InvalidConfigError with the problems of all environments at once
 */
export function createApp(options: CreateAppOptions = {}): App {
  const environments = options.environments ?? loadEnvironments().map((loaded) => loaded.environment);
  const offline = options.offline ?? process.env.READFLEET_OFFLINE === '1';
  return withoutSourceMaps(() => {
    const app = new App({ ...(options.outdir === undefined ? {} : { outdir: options.outdir }), stackTraces: false });
    for (const environment of environments) new ReadFleetStack(app, environment.name, { environment, offline });
    tellAllStacks(app);
    return app;
  });
}

/** cdktf takes a stack trace for every token that it makes; to map each to TypeScript costs more than all else it does. */
function withoutSourceMaps<T>(work: () => T): T {
  const enabled = process.sourceMapsEnabled;
  process.setSourceMapsEnabled(false);
  try {
    return work();
  } finally {
    process.setSourceMapsEnabled(enabled);
  }
}

if (require.main === module) {
  try {
    const app = createApp();
    withoutSourceMaps(() => app.synth());
  } catch (error) {
    // What a person can mend is told without a stack trace; everything else is a bug and keeps it.
    if (!ReadfleetError.is(error)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
