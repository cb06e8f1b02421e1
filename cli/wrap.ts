/**
 * Text in lines that are no longer than `width`, where its words allow it.
 *
 * @param width undefined: one line
 */
export function wrap(text: string, width: number | undefined): string[] {
  if (width === undefined || width <= 0) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
