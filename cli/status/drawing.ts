import type { Io } from '../io';

const UP = (lines: number) => (lines > 0 ? `\u001b[${lines}A` : '');
const CLEAR_BELOW = '\u001b[0J';

/** Lines that replace those shown before; one block after the other where there is no terminal. */
export class Drawing {
  private height = 0;

  constructor(private readonly io: Pick<Io, 'draw' | 'out' | 'terminal'>) {}

  show(lines: readonly string[]): void {
    const { io } = this;
    if (!io.terminal) {
      io.out([...lines, ''].join('\n'));
      return;
    }
    io.draw(`${UP(this.height)}${CLEAR_BELOW}${lines.join('\n')}\n`);
    this.height = lines.length;
  }
}
