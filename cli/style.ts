/** Colours beside words, never instead of them. */
export interface Style {
  good(text: string): string;
  bad(text: string): string;
  doubtful(text: string): string;
  strong(text: string): string;
  faint(text: string): string;
}

const RESET = '\u001b[0m';

export function styleOf({ colour }: { readonly colour: boolean }): Style {
  const painted = (code: number) => (text: string) => (colour ? `\u001b[${code}m${text}${RESET}` : text);
  return { good: painted(32), bad: painted(31), doubtful: painted(33), strong: painted(1), faint: painted(2) };
}

/** As many characters as are seen of it. */
export function widthOf(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them.
  return text.replace(/\u001b\[\d+m/g, '').length;
}
