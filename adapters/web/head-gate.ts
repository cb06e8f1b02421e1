import type { ServerResponse } from 'node:http';
import { applyHead, isChunk, isHead, isHttp2, reasonOf } from './head';
import { type Pretence, pretendSent } from './pretend-sent';

/** The calls that send a response's head, or come after it. */
const METHODS = ['writeHead', 'flushHeaders', 'write', 'end'] as const;
type Method = (typeof METHODS)[number];
type Real = Readonly<Record<Method, (...args: unknown[]) => unknown>>;

/** Puts headers into a head that is about to go out. */
export type Amend = (response: ServerResponse) => void;

/**
 * Lets something be put into a response's head at the last moment, though it has to be waited for.
 *
 * Until it is there every call that would send anything is kept, and then made in its order: the bytes are those that would have gone out anyway.
 * Meanwhile the response looks as if its head were out, since for the app it is: headers cannot be set any more, nor the status changed.
 *
 * @param prepare asked once, before the head goes out; undefined lets it go as it is. Its promise does not reject
 */
export function amendHead(response: ServerResponse, prepare: () => Promise<Amend> | undefined): void {
  const gate = new HeadGate(response, prepare);
  for (const method of METHODS) {
    // Own properties, as every middleware does it: whoever wraps them before or after is called in its turn.
    response[method] = ((...args: unknown[]) => gate.called(method, args)) as never;
  }
}

class HeadGate {
  private state: 'before' | 'held' | 'open' = 'before';
  private readonly real: Real;
  private readonly kept: { readonly method: Method; readonly args: unknown[] }[] = [];
  private keptBytes = 0;
  private owesDrain = false;
  private endKept = false;
  private pretence: Pretence | undefined;

  constructor(
    private readonly response: ServerResponse,
    private readonly prepare: () => Promise<Amend> | undefined,
  ) {
    const { writeHead, flushHeaders, write, end } = response;
    this.real = { writeHead, flushHeaders, write, end } as unknown as Real;
  }

  called(method: Method, args: unknown[]): unknown {
    if (this.state === 'open' || this.isRefused(method, args)) return this.send(method, args);
    if (this.state === 'before') {
      // What Node is going to refuse, it refuses at once; the app may send another head then.
      if (!isHead(this.response, method === 'writeHead' ? args : [])) return this.send(method, args);
      if (!this.begin(method, args)) return this.send(method, args);
    } else if (method === 'writeHead') throw headSent();
    return this.keep(method, method === 'writeHead' ? [] : args);
  }

  /** What Node would throw at is not kept: it is thrown at the caller, as ever. A second `end` is told, whatever it brings. */
  private isRefused(method: Method, args: unknown[]): boolean {
    return carriesChunk(method, args) && !isChunk(args[0]) && !(method === 'end' && this.endKept);
  }

  private send(method: Method, args: unknown[]): unknown {
    return this.real[method].apply(this.response, args);
  }

  /** @returns whether the head has to wait */
  private begin(method: Method, args: unknown[]): boolean {
    const { response } = this;
    // Nobody is there any more, or somebody sent the head past us.
    const prepared = response.destroyed || response.headersSent ? undefined : this.prepare();
    if (!prepared) {
      this.state = 'open';
      return false;
    }
    if (method === 'writeHead') applyHead(response, args);
    const { statusCode } = response;
    const reason = reasonOf(response);
    this.state = 'held';
    this.pretence = pretendSent(response);
    void prepared.then((amend) => {
      this.pretence?.undo();
      this.state = 'open';
      if (response.destroyed) {
        this.drop();
        return;
      }
      try {
        response.statusCode = statusCode;
        if (!isHttp2(response)) response.statusMessage = reason as string;
        amend(response);
        this.release();
      } catch (error) {
        // What Node refuses of the kept calls; the app has gone on, and takes it for sent.
        response.destroy(error as Error);
      }
    });
    return true;
  }

  private keep(method: Method, args: unknown[]): unknown {
    if (this.endKept && carriesChunk(method, args)) {
      // Node emits an error for it as well, which ends the process if nobody listens, unless the response is out by then, as it mostly would be.
      tellCallback(args, 'ERR_STREAM_WRITE_AFTER_END', 'write after end');
      return method === 'end' ? this.response : false;
    }
    this.kept.push({ method, args });
    if (method === 'end') {
      this.endKept = true;
      this.pretence?.markEnded();
    }
    if (method !== 'write') return method === 'flushHeaders' ? undefined : this.response;
    this.keptBytes += sizeOf(args[0]);
    const hasRoom = this.keptBytes < this.response.writableHighWaterMark;
    this.owesDrain ||= !hasRoom;
    return hasRoom;
  }

  private release(): void {
    let hasRoom = true;
    for (const { method, args } of this.kept.splice(0)) {
      // With the headers that are set on the response by now.
      const result = this.send(method, method === 'writeHead' ? headArgs(this.response) : args);
      if (method === 'write') hasRoom = result !== false;
    }
    // Else Node tells it, once there is room.
    if (this.owesDrain && hasRoom && !this.endKept) this.response.emit('drain');
  }

  /** The client has gone: those who wait for a call to be done hear that it never will be. */
  private drop(): void {
    for (const { args } of this.kept.splice(0)) {
      tellCallback(args, 'ERR_STREAM_DESTROYED', 'the client went before its response could be sent');
    }
  }
}

function carriesChunk(method: Method, [chunk]: unknown[]): boolean {
  return method === 'write' || (method === 'end' && Boolean(chunk) && typeof chunk !== 'function');
}

function tellCallback(args: unknown[], code: string, message: string): void {
  const callback = args.find((arg) => typeof arg === 'function');
  if (callback) process.nextTick(callback as (error: Error) => void, Object.assign(new Error(message), { code }));
}

function sizeOf(chunk: unknown): number {
  return typeof chunk === 'string' ? Buffer.byteLength(chunk) : (chunk as Uint8Array).byteLength;
}

function headArgs(response: ServerResponse): unknown[] {
  const reason = reasonOf(response);
  return reason ? [response.statusCode, reason] : [response.statusCode];
}

function headSent(): Error {
  const message = 'Cannot write headers after they are sent to the client';
  return Object.assign(new Error(message), { code: 'ERR_HTTP_HEADERS_SENT' });
}
