import type { Io } from '../io';
import { widthOf } from '../style';

const UP = (lines: number) => (lines > 0 ? `\u001b[${lines}A` : '');
const CLEAR_BELOW = '\u001b[0J';

/** Lines that replace those shown before; one block after the other where there is no terminal. */
export class Drawing {
  private height = 0;

  constructor(private readonly io: Pick<Io, 'columns' | 'draw' | 'out' | 'terminal'>) {}

  show(lines: readonly string[]): void {
    const { io } = this;
    if (!io.terminal) {
      io.out([...lines, ''].join('\n'));
      return;
    }
    io.draw(`${UP(this.height)}${CLEAR_BELOW}${lines.join('\n')}\n`);
    const columns = io.columns ?? Number.POSITIVE_INFINITY;
    // A line that is too long takes several of the terminal's.
    this.height = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
  }
}
