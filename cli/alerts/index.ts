import { grafanaDashboard, prometheusRules } from '../../monitoring/rules';
import { readArgs } from '../args';
import type { Command } from '../command';
import { EXIT } from '../exit-codes';
import { CONTRACT_HELP } from '../read-contract';
import { STATIC_HELP, STATIC_OPTIONS, type StaticContract, staticContract } from '../static-contract';
import { countText } from '../units';
import { UsageError } from '../usage-error';
import { cloudwatchDashboard } from './cloudwatch';
import { write } from './write';

const HELP = `readfleet alerts: alert rules for Prometheus and dashboards, as files

Usage: readfleet alerts --out <folder> [options]
       readfleet alerts --print rules|grafana|cloudwatch [options]

  Writes prometheus-rules.yml and grafana-dashboard.json for a fleet, with the thresholds of its contract. Of an
  environment that was synthesised, cloudwatch-dashboard.json too. Files of these names are replaced, and it is told
  what changed. Without --out nothing is written: it says what there would be.

Options:
  --out <folder>      where to write; made when it is missing
  --print <what>      one of them to stdout instead: rules, grafana, cloudwatch
${CONTRACT_HELP}
${STATIC_HELP}
  --runbooks <url>    where the runbooks are: the beginning of each alert's runbook (default: docs/runbooks/)
  --label <key=value> a label for each alert, for Alertmanager to route by; again for each

Exit codes: 0 written, 2 wrong use.
`;

const FILES = {
  rules: 'prometheus-rules.yml',
  grafana: 'grafana-dashboard.json',
  cloudwatch: 'cloudwatch-dashboard.json',
};
type What = keyof typeof FILES;
type Texts = Readonly<Partial<Record<What, { readonly text: string; readonly about: string }>>>;

export const alerts: Command = {
  help: HELP,
  async run(args, io) {
    const { values } = readArgs(args, {
      ...STATIC_OPTIONS,
      out: { type: 'string' },
      print: { type: 'string' },
      runbooks: { type: 'string' },
      label: { type: 'string', multiple: true },
    });
    const what = values.print === undefined ? undefined : whatOf(values.print);
    if (what !== undefined && values.out !== undefined) throw new UsageError('Either --out or --print.');
    const labels = Object.fromEntries((values.label ?? []).map(labelOf));
    const given = await staticContract(values, io);
    const texts = textsOf(given, { labels, ...(values.runbooks !== undefined && { runbookBase: values.runbooks }) });
    if (what !== undefined) {
      const wanted = texts[what];
      if (!wanted) throw new UsageError('A CloudWatch dashboard is made by a stack: name it with --environment.');
      io.out(wanted.text.trimEnd());
    } else {
      for (const [name, { text, about }] of Object.entries(texts)) {
        const file = FILES[name as What];
        io.out(values.out === undefined ? `${file}: ${about}` : await write(values.out, file, text));
      }
      if (values.out === undefined) io.out('Nothing was written. --out <folder> writes them, --print shows one.');
    }
    return EXIT.well;
  },
};

function textsOf({ contract, stack }: StaticContract, options: Parameters<typeof prometheusRules>[1]): Texts {
  const rules = prometheusRules(contract, options);
  const grafana = grafanaDashboard(contract);
  const cloudwatch = stack && cloudwatchDashboard(stack);
  return {
    rules: { text: rules, about: countText(rules.match(/^ +- alert: /gm)?.length ?? 0, 'alert') },
    grafana: { text: json(grafana), about: `dashboard "${String(grafana.title)}"` },
    ...(cloudwatch && {
      cloudwatch: {
        text: json(cloudwatch.body),
        about: `${countText(cloudwatch.body.widgets.length, 'widget')}; ${countText(cloudwatch.leftOut, 'widget')} of the deployed one left out, of what has its name once deployed`,
      },
    }),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function whatOf(text: string): What {
  if (Object.hasOwn(FILES, text)) return text as What;
  throw new UsageError(`--print must be one of ${Object.keys(FILES).join(', ')}, got: ${text}`);
}

function labelOf(text: string): [string, string] {
  const match = /^([A-Za-z_]\w*)=(.+)$/s.exec(text);
  if (match) return [match[1] as string, match[2] as string];
  throw new UsageError(`--label must be <key>=<value>, the key of letters, digits and underscores, got: ${text}`);
}
