import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPage, pageHtml } from '../../../monitoring/page';
import { bundlePage } from '../../../monitoring/page/bundle';
import { policyOf } from '../../../monitoring/page/policy';

const CLIENT = join(__dirname, '..', '..', '..', 'monitoring', 'page', 'client');

test('the page is one file: it names nothing that would be fetched', () => {
  const { html } = pageHtml();
  const addresses = [...html.matchAll(/\b(?:src|href)="([^"]*)"/g)].map(([, address]) => address);

  expect(addresses).toEqual(['data:,', '#to-members']);
  expect(html).not.toMatch(/@import|url\(/);
});

test('no element brings a style or a handler of its own: the policy would refuse them', () => {
  const { html } = pageHtml();
  const markup = html.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '');

  expect(markup).not.toMatch(/\sstyle=|\son[a-z]+=/i);
});

test('the policy lets in the one script and the one style by what is in them', () => {
  const html = '<style>a{}</style><script>1</script>';
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

  expect(policyOf(html)).toBe(
    `default-src 'none'; script-src ${hash('1')}; style-src ${hash('a{}')}; connect-src 'self'; img-src data:; ` +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  );
});

test('the page has one script and one style, so that the policy names all there is', () => {
  const { html, contentSecurityPolicy } = pageHtml();

  expect([html.match(/<script\b/g)?.length, html.match(/<style\b/g)?.length]).toEqual([1, 1]);
  expect(contentSecurityPolicy).toBe(policyOf(html));
  expect(contentSecurityPolicy).not.toMatch(/unsafe|\*/);
});

test('the notice of the chart library is kept', () => {
  const { html } = pageHtml();

  expect(html).toMatch(/uPlot[\s\S]*Copyright \(c\) \d+ Leon Sorokin/);
  expect(html).toContain('shall be included in');
});

test('the same sources make the same page, of less than 130 kB', () => {
  expect(bundlePage(CLIENT)).toBe(pageHtml().html);
  expect(Buffer.byteLength(pageHtml().html)).toBeLessThan(130_000);
});

test('it is made once per process', () => {
  expect(pageHtml()).toBe(pageHtml());
});

test('where it was built, that is what is served', () => {
  const folder = mkdtempSync(join(tmpdir(), 'readfleet-page-'));
  try {
    writeFileSync(join(folder, 'page.html'), '<style>a</style><script>b</script>');

    expect(findPage(folder)).toEqual({
      html: '<style>a</style><script>b</script>',
      contentSecurityPolicy: policyOf('<style>a</style><script>b</script>'),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('where it is neither built nor to be built, it says what to do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'readfleet-page-'));
  try {
    expect(() => findPage(folder)).toThrow(
      expect.objectContaining({
        code: 'READFLEET_PAGE_MISSING',
        message: expect.stringContaining('Install readfleet again'),
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
