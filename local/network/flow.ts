import type { Clock, Timer } from '../../lib/clock';
import { type Arrival, type Conditions, departure, lineBusyUntil, sliceOf } from './conditions';

/** What travels from one end of a connection to the other: it is opened, carries bytes, and ends in order or at once. */
export type Parcel =
  | { readonly kind: 'open' | 'end' | 'reset' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/**
 * How much one direction of a connection holds before its sender has to wait. About what a kernel has in flight at most, so that
 * a delay alone does not slow down a large answer.
 */
const CAPACITY_BYTES = 4 << 20;

export interface FlowEnds {
  /** Hands a parcel to the receiver. `false`: it can take no more until {@link Flow.drained}. */
  deliver(parcel: Parcel): boolean;
  /** Whether the sender has to wait. */
  hold(wait: boolean): void;
}

/** The network around a flow. */
export interface Surroundings {
  readonly conditions: () => Conditions;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
}

/** One direction of one connection: everything comes out in the order in which it went in, when the conditions let it. */
export class Flow {
  readonly #surroundings: Surroundings;
  readonly #ends: FlowEnds;
  #queue: { parcel: Parcel; readonly arrival: Arrival }[] = [];
  #bytes = 0;
  #lineFreeAt = 0;
  #receiverFull = false;
  #senderHeld = false;
  #closed = false;
  #timer: Timer | undefined;

  constructor(surroundings: Surroundings, ends: FlowEnds) {
    this.#surroundings = surroundings;
    this.#ends = ends;
  }

  send(parcel: Parcel): void {
    if (this.#closed) return;
    const { clock, random } = this.#surroundings;
    this.#queue.push({ parcel, arrival: { at: clock.now(), luck: random() } });
    this.#bytes += sizeOf(parcel);
    this.#pump();
  }

  /** The receiver can take more. */
  drained(): void {
    this.#receiverFull = false;
    this.#pump();
  }

  /** Conditions are others than before. */
  changed(): void {
    this.#lineFreeAt = 0;
    this.#pump();
  }

  /** What is on its way is lost, and nothing is taken any more. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#queue = [];
    this.#bytes = 0;
  }

  #pump(): void {
    const { conditions, clock } = this.#surroundings;
    this.#timer?.cancel();
    this.#timer = undefined;
    const current = conditions();
    for (let head = this.#queue[0]; head && !this.#receiverFull; head = this.#queue[0]) {
      const now = clock.now();
      const at = departure(head.arrival, current, this.#lineFreeAt);
      if (at > now) {
        if (at < Number.POSITIVE_INFINITY) this.#timer = clock.after(Math.ceil(at - now), () => this.#pump());
        break;
      }
      const parcel = this.#take(head, sliceOf(current));
      this.#lineFreeAt = lineBusyUntil(this.#lineFreeAt, now, sizeOf(parcel), current);
      this.#receiverFull = !this.#ends.deliver(parcel);
    }
    this.#holdSender(this.#bytes >= CAPACITY_BYTES);
  }

  /** The parcel, or as much of it as may leave in one go. */
  #take(head: { parcel: Parcel }, limit: number): Parcel {
    const { parcel } = head;
    if (parcel.kind !== 'bytes' || parcel.bytes.length <= limit) {
      this.#queue.shift();
      this.#bytes -= sizeOf(parcel);
      return parcel;
    }
    head.parcel = { kind: 'bytes', bytes: parcel.bytes.subarray(limit) };
    this.#bytes -= limit;
    return { kind: 'bytes', bytes: parcel.bytes.subarray(0, limit) };
  }

  #holdSender(wait: boolean): void {
    if (wait === this.#senderHeld) return;
    this.#senderHeld = wait;
    this.#ends.hold(wait);
  }
}

function sizeOf(parcel: Parcel): number {
  return parcel.kind === 'bytes' ? parcel.bytes.length : 0;
}
