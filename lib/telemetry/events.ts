import { EventEmitter } from 'node:events';
import type { FleetEvents } from '../status';
import { channels } from './channels';

/** What a fleet tells those who asked by `fleet.on()`, and the channel `readfleet:event`. */
export class Events {
  private readonly emitter = new EventEmitter<FleetEvents>();

  constructor(private readonly name: { readonly fleet: string; readonly environment: string }) {}

  on<Event extends keyof FleetEvents>(event: Event, listener: (...args: FleetEvents[Event]) => void): void {
    this.emitter.on(event, listener as never);
  }

  off<Event extends keyof FleetEvents>(event: Event, listener: (...args: FleetEvents[Event]) => void): void {
    this.emitter.off(event, listener as never);
  }

  /** Whether anybody would hear it: what is dear to say need not be put together otherwise. */
  heard(event: keyof FleetEvents): boolean {
    return this.emitter.listenerCount(event) > 0 || channels.event.hasSubscribers;
  }

  /** Later, so that a listener that throws is the app's own uncaught error, and breaks no read and no watch. */
  tell<Event extends keyof FleetEvents>(event: Event, ...args: FleetEvents[Event]): void {
    if (channels.event.hasSubscribers) channels.event.publish({ ...this.name, event, ...args[0] });
    if (this.emitter.listenerCount(event) > 0) {
      process.nextTick(() => this.emitter.emit(event, ...(args as never)));
    }
  }
}
