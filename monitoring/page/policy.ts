import { createHash } from 'node:crypto';

/**
 * The Content-Security-Policy of the page: the one script and the one style that it brings, by their hashes, and nothing else. Text that came from
 * somewhere cannot become markup either: no script makes HTML (Trusted Types).
 */
export function policyOf(html: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(html, 'script')}`,
    `style-src ${hashOf(html, 'style')}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function hashOf(html: string, element: 'script' | 'style'): string {
  const open = `<${element}>`;
  const start = html.indexOf(open) + open.length;
  const content = html.slice(start, html.indexOf(`</${element}>`, start));
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
}
