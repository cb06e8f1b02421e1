import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { programHere } from '../../support/left-out-tools';

/** A series as promtool takes it: its name with labels, and its samples. */
export interface InputSeries {
  readonly series: string;
  /** One for each {@link SCRAPE_SECONDS}: `0x3` is four zeros, `1+2x3` is 1 3 5 7, `_` is none. */
  readonly values: string;
}

/** How often the processes of these tests are scraped, and rules evaluated. */
export const SCRAPE_SECONDS = 15;

/** What promtool says of rules. */
export async function checkRules(rules: string): Promise<string> {
  return inFolder(async (folder) => {
    const file = join(folder, 'rules.yml');
    await writeFile(file, rules);
    const { code, text } = await promtool('check', 'rules', file);
    if (code !== 0) throw new Error(text);
    return text;
  });
}

/** When alerts fire. */
export interface Firing {
  /** Name, severity, and labels other than those of the fleet: `HighReplicationLag critical blue`. */
  readonly alert: string;
  /** Minutes, the first and the last at which it was seen. */
  readonly from: number;
  readonly to: number;
}

/**
 * Which alerts fire when, as Prometheus evaluates `rules` over `series`, looked at every `stepSeconds`.
 *
 * promtool knows expectations only: it is asked for one that cannot hold at each step, and its complaint has what there is instead.
 */
export async function alertsOver(
  rules: string,
  series: readonly InputSeries[],
  { minutes, stepSeconds = 60 }: { readonly minutes: number; readonly stepSeconds?: number },
): Promise<readonly Firing[]> {
  const steps = Array.from({ length: Math.floor((minutes * 60) / stepSeconds) + 1 }, (_, step) => step * stepSeconds);
  const document = {
    rule_files: ['rules.yml'],
    evaluation_interval: `${SCRAPE_SECONDS}s`,
    tests: [
      {
        interval: `${SCRAPE_SECONDS}s`,
        input_series: series,
        promql_expr_test: steps.map((seconds) => ({
          expr: 'ALERTS{alertstate="firing"} or vector(-1)',
          eval_time: `${seconds}s`,
          exp_samples: [],
        })),
      },
    ],
  };
  const complaints = await inFolder(async (folder) => {
    await writeFile(join(folder, 'rules.yml'), rules);
    await writeFile(join(folder, 'test.yml'), stringify(document));
    return (await promtool('test', 'rules', join(folder, 'test.yml'))).text;
  });
  const seen = [...complaints.matchAll(/time: (\S+),\n\s*exp: ?.*\n\s*got: ?(.*)/g)];
  if (seen.length !== steps.length)
    throw new Error(`promtool answered ${seen.length} of ${steps.length}: ${complaints}`);
  const firing = new Map<string, { from: number; to: number }>();
  seen.forEach(([, , got = ''], step) => {
    const minute = ((steps[step] ?? 0) as number) / 60;
    for (const [, labels = ''] of got.matchAll(/\{(?:__name__="ALERTS", )?(alertname=[^}]*)\} 1E\+00/g)) {
      const alert = alertOf(labels);
      const known = firing.get(alert);
      firing.set(alert, { from: known?.from ?? minute, to: minute });
    }
  });
  return [...firing].map(([alert, times]) => ({ alert, ...times })).sort((a, b) => a.alert.localeCompare(b.alert));
}

/** What the alerts' texts are at one moment: promtool expands the templates, and says so of alerts that nobody expected. */
export async function annotationsAt(
  rules: string,
  series: readonly InputSeries[],
  alert: string,
  minute: number,
): Promise<string> {
  const document = {
    rule_files: ['rules.yml'],
    evaluation_interval: `${SCRAPE_SECONDS}s`,
    tests: [
      {
        interval: `${SCRAPE_SECONDS}s`,
        input_series: series,
        alert_rule_test: [{ alertname: alert, eval_time: `${minute}m`, exp_alerts: [] }],
      },
    ],
  };
  return inFolder(async (folder) => {
    await writeFile(join(folder, 'rules.yml'), rules);
    await writeFile(join(folder, 'test.yml'), stringify(document));
    return (await promtool('test', 'rules', join(folder, 'test.yml'))).text;
  });
}

function alertOf(text: string): string {
  const labels = Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
  const { alertname, severity, member, instance } = labels;
  return [alertname, severity, member, instance].filter((part) => part !== undefined).join(' ');
}

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'readfleet-promtool-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function promtool(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  return new Promise((done, fail) => {
    execFile(programHere('promtool'), args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') fail(error);
      else done({ code: error ? Number(error.code) : 0, text: stdout + stderr });
    });
  });
}
