import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { grafanaDashboard, prometheusRules } from '../../../monitoring/rules';
import { readfleet } from '../fake-io';
import { CONTRACT, folder } from '../folder';
import { synthesise } from '../stack';

const files = folder();
const contract = files.write('fleet.json', CONTRACT);
let cdktfOut: string;
let turn = 0;
/** A folder that is not there yet. */
const place = () => path.join(files.path, `out-${++turn}`, 'monitoring');

beforeAll(() => {
  cdktfOut = synthesise(files.path);
});

test('rules and dashboard of a contract are written', async () => {
  const out = place();

  const { code, out: told } = await readfleet(['alerts', '--contract', contract, '--out', out]);

  expect(code).toBe(0);
  expect(told).toBe(`${out}/prometheus-rules.yml: written\n${out}/grafana-dashboard.json: written\n`);
  expect(readFileSync(`${out}/prometheus-rules.yml`, 'utf8')).toBe(prometheusRules(CONTRACT));
  expect(JSON.parse(readFileSync(`${out}/grafana-dashboard.json`, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(grafanaDashboard(CONTRACT))),
  );
});

test('written again, they are as they were; changed, it says by how much', async () => {
  const out = place();
  await readfleet(['alerts', '--contract', contract, '--out', out]);
  const file = `${out}/prometheus-rules.yml`;
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, `${text.split('\n').slice(2).join('\n')}# ours\n`);

  const again = await readfleet(['alerts', '--contract', contract, '--out', out]);

  expect(again.out).toBe(`${file}: replaced: 2 lines more, 1 line less\n${out}/grafana-dashboard.json: as it was\n`);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('an environment that was synthesised has the dashboard of CloudWatch as well', async () => {
  const out = place();

  await readfleet(['alerts', '--environment', 'production', '--cdktf-out', cdktfOut, '--out', out]);

  expect(readdirSync(out).sort()).toEqual([
    'cloudwatch-dashboard.json',
    'grafana-dashboard.json',
    'prometheus-rules.yml',
  ]);
  const body = readFileSync(`${out}/cloudwatch-dashboard.json`, 'utf8');
  expect(body).not.toContain('${');
  expect(body).not.toContain('known-once-deployed');
  expect(JSON.parse(body).widgets.length).toBeGreaterThan(10);
  expect(readFileSync(`${out}/prometheus-rules.yml`, 'utf8')).toContain('environment=\\"production\\"');
});

test('without --out nothing is written', async () => {
  const { code, out } = await readfleet(['alerts', '--environment', 'dev', '--cdktf-out', cdktfOut]);

  expect(code).toBe(0);
  expect(out).toMatch(/^prometheus-rules\.yml: \d\d alerts\n/);
  expect(out).toMatch(/^cloudwatch-dashboard\.json: \d+ widgets; 1 widget of the deployed one left out/m);
  expect(out).toContain('Nothing was written.');
  expect(existsSync('prometheus-rules.yml')).toBe(false);
});

test('--print puts one to stdout, and nothing else', async () => {
  const { out } = await readfleet(['alerts', '--contract', contract, '--print', 'rules']);

  expect(out).toBe(prometheusRules(CONTRACT));
});

test('labels and the place of runbooks reach every alert', async () => {
  const args = ['--label', 'team=orders', '--label', 'page=on=call', '--runbooks', 'https://git.example/runbooks/'];

  const { out } = await readfleet(['alerts', '--contract', contract, '--print', 'rules', ...args]);

  const [group] = parse(out).groups;
  expect(group.rules.length).toBeGreaterThan(5);
  for (const { annotations, labels } of group.rules) {
    expect(labels).toMatchObject({ team: 'orders', page: 'on=call' });
    expect(annotations.runbook).toMatch(/^https:\/\/git\.example\/runbooks\/./);
  }
});

test.each([
  [['--print', 'all'], '--print must be one of rules, grafana, cloudwatch, got: all'],
  [['--print', 'rules', '--out', 'x'], 'Either --out or --print.'],
  [['--print', 'cloudwatch'], 'A CloudWatch dashboard is made by a stack: name it with --environment.'],
  [['--label', 'team'], '--label must be <key>=<value>'],
  [['--label', 'my-team=x'], '--label must be <key>=<value>'],
])('%j: %s', async (args, message) => {
  const { code, err } = await readfleet(['alerts', '--contract', contract, ...args]);

  expect(code).toBe(2);
  expect(err).toContain(message);
});

test('a folder that cannot be written to', async () => {
  const { code, err } = await readfleet(['alerts', '--contract', contract, '--out', contract]);

  expect(code).toBe(2);
  expect(err).toContain('prometheus-rules.yml cannot be written: ');
});
