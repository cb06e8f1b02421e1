/** Critical wakes somebody, a warning waits for the morning, an information is looked up. */
export type Severity = 'critical' | 'warning' | 'info';

/** One alert, as data. In its texts `{member}` stands for the member's name and `{instance}` for the process. */
export interface Alert {
  /** The same name with several severities is one trouble, small and great. */
  readonly name: string;
  readonly severity: Severity;
  /** PromQL. */
  readonly expr: string;
  /** How long `expr` must hold, in seconds. */
  readonly forSeconds: number;
  readonly summary: string;
  /** When it fires, in words: what `expr` and `forSeconds` say. */
  readonly when: string;
  /** What it means when it does. */
  readonly meaning: string;
  /** What its value is, as Prometheus's template; where it says more than `when`. */
  readonly value?: string;
  /** What to look at first. */
  readonly first: string;
  /** A file of docs/runbooks. */
  readonly runbook: string;
}

/** So many minutes or seconds, as Prometheus writes them. */
export function duration(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** So many minutes or seconds, for people. */
export function inWords(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
