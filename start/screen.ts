/** Where a run shows itself: in place on a terminal, line by line anywhere else. */
export interface Screen {
  /** A line that stays. */
  say(line: string): void;
  /** Replaces what was shown live before. */
  show(lines: readonly string[]): void;
  /** How often it is worth showing something, in milliseconds. */
  readonly everyMs: number;
  /** Leaves what is shown last as it is. */
  done(): void;
}

/** In place, on a terminal. */
async function liveScreen(): Promise<Screen> {
  const { default: logUpdate } = await import('log-update');
  let shown: readonly string[] = [];
  return {
    everyMs: 500,
    say(line) {
      logUpdate.clear();
      console.log(line);
      if (shown.length > 0) logUpdate(shown.join('\n'));
    },
    show(lines) {
      shown = lines;
      logUpdate(['', ...lines].join('\n'));
    },
    done() {
      shown = [];
      logUpdate.done();
    },
  };
}

/** Line by line: a log, a pipe, CI. */
function plainScreen(): Screen {
  return {
    everyMs: 5_000,
    say: (line) => console.log(line),
    show: (lines) => console.log(lines.join('\n')),
    done: () => undefined,
  };
}

export function openScreen(): Promise<Screen> {
  return process.stdout.isTTY ? liveScreen() : Promise.resolve(plainScreen());
}
