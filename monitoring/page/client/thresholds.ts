import type { MemberView, StatusView } from '../../view';
import type { Tone } from './states';

/** Share of a pool's connections in use from which it is told, and is full. */
const POOL_WARNING = 0.8;

/** What is to be thought of a lag: the fleet's own thresholds decide. Undefined where all is well. */
export function lagTone(seconds: number | null, thresholds: StatusView['thresholds']): Tone | undefined {
  if (seconds === null) return 'warn';
  if (seconds > thresholds.criticalSeconds) return 'bad';
  return seconds > thresholds.warningSeconds ? 'warn' : undefined;
}

export function poolTone({ total, idle, waiting, max }: MemberView['pool']): Tone | undefined {
  if (waiting > 0) return 'bad';
  return max > 0 && (total - idle) / max >= POOL_WARNING ? 'warn' : undefined;
}
