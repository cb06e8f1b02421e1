/** Where a run shows itself: in place on a terminal, line by line anywhere else. */
export interface Screen {
  /** A line that stays. Ends what {@link working} told. */
  say(line: string): void;
  /** What takes a while now. Shown on a terminal only: elsewhere the line that follows it says as much. */
  working(line: string): void;
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
  let passing = false;
  return {
    everyMs: 500,
    say(line) {
      logUpdate.clear();
      if (passing) shown = [];
      console.log(line);
      if (shown.length > 0) logUpdate(shown.join('\n'));
    },
    working(line) {
      passing = true;
      shown = [line];
      logUpdate(line);
    },
    show(lines) {
      passing = false;
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
    working: () => undefined,
    show: (lines) => console.log(lines.join('\n')),
    done: () => undefined,
  };
}

export function openScreen(): Promise<Screen> {
  return process.stdout.isTTY ? liveScreen() : Promise.resolve(plainScreen());
}
