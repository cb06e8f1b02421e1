import type { Socket } from 'node:net';
import { Flow, type Parcel, type Surroundings } from './flow';

/**
 * One client's connection through the network: a socket to the client, one to the server, and a flow each way.
 *
 * The beginning, the end and the breaking of a connection travel with the data, in their order. So a partition hides the death of a
 * server from its clients, as a real one does, and a server behind it sees no new connection.
 */
export class Connection {
  readonly #client: Socket;
  readonly #dial: () => Socket;
  readonly #toServer: Flow;
  readonly #toClient: Flow;
  readonly #onClose: () => void;
  #server: Socket | undefined;
  #closed = false;

  /**
   * @param dial    opens a socket to the server, which may still be connecting
   * @param onClose is told once, when neither side has an open socket any more
   */
  constructor(client: Socket, dial: () => Socket, surroundings: Surroundings, onClose: () => void) {
    this.#client = client;
    this.#dial = dial;
    this.#onClose = onClose;
    this.#toServer = new Flow(surroundings, {
      deliver: (parcel) => (parcel.kind === 'open' ? this.#open() : deliver(parcel, this.#server)),
      hold: (wait) => hold(client, wait),
    });
    this.#toClient = new Flow(surroundings, {
      deliver: (parcel) => deliver(parcel, client),
      hold: (wait) => hold(this.#server, wait),
    });
    this.#wire(client, this.#toServer, this.#toClient);
    this.#toServer.send({ kind: 'open' });
  }

  /** Conditions are others than before. */
  changed(): void {
    this.#toServer.changed();
    this.#toClient.changed();
  }

  /** RST to both sides, now, whatever was on its way. */
  reset(): void {
    this.#toServer.close();
    this.#toClient.close();
    abort(this.#client);
    abort(this.#server);
    this.#settle();
  }

  #open(): boolean {
    this.#server = this.#dial();
    this.#wire(this.#server, this.#toClient, this.#toServer);
    return true;
  }

  #wire(socket: Socket, from: Flow, to: Flow): void {
    socket.unref();
    socket.on('data', (bytes) => from.send({ kind: 'bytes', bytes }));
    socket.on('end', () => from.send({ kind: 'end' }));
    socket.on('drain', () => to.drained());
    socket.on('error', () => {
      // 'close' follows, and tells the other side.
    });
    socket.on('close', (failed) => {
      if (failed) from.send({ kind: 'reset' });
      this.#settle();
    });
  }

  #settle(): void {
    const { closed: clientClosed } = this.#client;
    // A client that broke off before the server has heard of it: a reset would have been the first that it hears.
    const serverClosed = this.#server?.closed ?? true;
    if (this.#closed || !clientClosed || !serverClosed) return;
    this.#closed = true;
    this.#toServer.close();
    this.#toClient.close();
    this.#onClose();
  }
}

/** What is for a socket that is gone is lost. */
function deliver(parcel: Parcel, socket: Socket | undefined): boolean {
  if (!socket || socket.destroyed) return true;
  if (parcel.kind === 'bytes') return socket.write(parcel.bytes);
  if (parcel.kind === 'end') socket.end();
  else abort(socket);
  return true;
}

function hold(socket: Socket | undefined, wait: boolean): void {
  if (wait) socket?.pause();
  else socket?.resume();
}

/** A socket that is still connecting would wait for that before it sends its RST. */
function abort(socket: Socket | undefined): void {
  if (socket?.connecting) socket.destroy();
  else socket?.resetAndDestroy();
}
