/**
 * Draws what a terminal shows as an SVG, for the README:
 *
 *     tmux capture-pane -p -t <pane> | npx tsx docs/terminal-picture.ts > docs/npm-start.svg
 */
import { readFileSync } from 'node:fs';

const TITLE = 'What a terminal shows';
const FONT_SIZE = 13;
const CHARACTER = 7.83;
const LINE = 18;
const MARGIN = 16;

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function colour(line: string): string {
  if (/ejected|disconnected/.test(line)) return '#ff9e64';
  if (/^(Environments|Local fleet|Reads and writes|member )/.test(line)) return '#7aa2f7';
  if (/^\s+\d\d:\d\d:\d\d /.test(line)) return '#e0af68';
  return '#c0caf5';
}

const lines = readFileSync(0, 'utf8').trimEnd().split('\n');
const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * CHARACTER) + 2 * MARGIN;
const height = lines.length * LINE + 2 * MARGIN;
const texts = lines.map((line, index) => {
  const escaped = line.replace(/[&<>]/g, (character) => ESCAPES[character] ?? character);
  return `<text x="${MARGIN}" y="${MARGIN + FONT_SIZE + index * LINE}" fill="${colour(line)}" xml:space="preserve">${escaped}</text>`;
});
console.log(
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${TITLE}">
<title>${TITLE}</title>
<rect width="100%" height="100%" rx="8" fill="#1a1b26"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT_SIZE}">
${texts.join('\n')}
</g>
</svg>`,
);
