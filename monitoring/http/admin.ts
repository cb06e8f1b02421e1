import type { Fleet } from '../../lib';
import { messageOf, ReadfleetError } from '../../lib/errors';
import type { Recorder } from '../recorder';
import { flagsView, memberView } from '../status-view';
import type { MemberView, StatusView } from '../view';
import { json, type TextAnswer } from './exchange';
import type { Action } from './options';
import { HttpProblem } from './problem';

/** One endpoint after its switch was set. */
export interface EndpointBody {
  readonly endpoint: string;
  readonly enabled: boolean;
  readonly rollout: number;
  /** Whether the app's options name it, or a read of this process has: `false` may be a slip of the pen. */
  readonly seen: boolean;
}

/** An order, as it was sent. */
export interface Order {
  readonly params: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** Who gave it, to be told: `, by 10.0.0.7`, or nothing. */
  readonly by: string;
}

/** What people may do to a fleet. Each tells the recorder, and answers what has come of it. */
export class Admin {
  /** Replicas whose end of work is waited for. */
  private readonly draining = new Set<string>();

  constructor(
    private readonly fleet: Fleet,
    private readonly recorder: Recorder,
    private readonly actions: readonly Action[],
  ) {}

  enable({ params: { endpoint = '' }, by }: Order): TextAnswer {
    return this.setEndpoint(endpoint, `${endpoint} enabled${by}`, () => this.fleet.flags.enable(endpoint));
  }

  disable({ params: { endpoint = '' }, by }: Order): TextAnswer {
    return this.setEndpoint(endpoint, `${endpoint} disabled: its reads go to the primary${by}`, () =>
      this.fleet.flags.disable(endpoint),
    );
  }

  rollout({ params: { endpoint = '' }, body: { percent }, by }: Order): TextAnswer {
    return this.setEndpoint(endpoint, `${endpoint} at ${percent} %${by}`, () =>
      // The flags refuse what is no percent.
      this.fleet.flags.rollout(endpoint, percent as number),
    );
  }

  disableAll({ by }: Order): TextAnswer {
    this.recorder.byHand(`All endpoints switched off: every read goes to the primary${by}`, () =>
      this.fleet.flags.disableAll(),
    );
    return json(200, this.flags());
  }

  enableAll({ by }: Order): TextAnswer {
    this.recorder.byHand(`The switch of all endpoints ended${by}`, () => this.fleet.flags.enableAll());
    return json(200, this.flags());
  }

  openBreaker({ params: { member = '' }, by }: Order): TextAnswer {
    return this.setMember(member, `${member}: breaker held open${by}`, () => this.fleet.breaker(member).forceOpen());
  }

  closeBreaker({ params: { member = '' }, by }: Order): TextAnswer {
    return this.setMember(member, `${member}: breaker held closed, whatever fails${by}`, () =>
      this.fleet.breaker(member).forceClosed(),
    );
  }

  resetBreaker({ params: { member = '' }, by }: Order): TextAnswer {
    return this.setMember(member, `${member}: breaker automatic again${by}`, () => this.fleet.breaker(member).reset());
  }

  /** Answers at once: what is under way may take its time. */
  async drain({ params: { member = '' }, by }: Order): Promise<TextAnswer> {
    const quiet = this.fleet.replicas.drain(member);
    // That there is no such replica is known by now; the rest is not waited for.
    await Promise.race([quiet, Promise.resolve()]);
    this.recorder.byHand(`${member} is drained${by}`, () => undefined);
    if (!this.draining.has(member)) void this.tellQuiet(member, quiet);
    return json(202, this.member(member));
  }

  undrain({ params: { member = '' }, by }: Order): TextAnswer {
    return this.setMember(member, `${member} is taken back${by}`, () => this.fleet.replicas.undrain(member));
  }

  async act({ params: { name = '' }, body: { member }, by }: Order): Promise<TextAnswer> {
    const action = this.actions.find((other) => other.name === name);
    if (!action) {
      const names = this.actions.map((other) => other.name).join(', ');
      throw new HttpProblem(
        404,
        'READFLEET_HTTP_NO_ACTION',
        `There is no action "${name}". There are: ${names || 'none'}.`,
      );
    }
    const on = this.memberFor(action, member);
    try {
      const done = (await action.run(on)) ?? action.label;
      this.recorder.tell('switch', { tone: 'neutral', text: `${done}${by}` });
      return json(200, { text: done });
    } catch (error) {
      const text = `${action.label}${on === undefined ? '' : `: ${on}`} failed: ${messageOf(error)}`;
      this.recorder.tell('switch', { tone: 'bad', text: `${text}${by}` });
      throw new ReadfleetError('READFLEET_HTTP_ACTION_FAILED', text, { cause: error });
    }
  }

  private async tellQuiet(member: string, quiet: Promise<unknown>): Promise<void> {
    this.draining.add(member);
    await quiet;
    this.draining.delete(member);
    // It may have been taken back before it ever was quiet.
    const state = this.fleet.status().members.find(({ name }) => name === member)?.state.kind;
    if (state === 'draining') {
      this.recorder.tell('switch', { tone: 'good', text: `${member} is quiet: nothing is under way there` });
    }
  }

  private setEndpoint(endpoint: string, text: string, change: () => void): TextAnswer {
    const seen = this.recorder.hasSeen(endpoint) || this.flags().endpoints.some((flag) => flag.endpoint === endpoint);
    this.recorder.byHand(seen ? text : `${text} (no read of this process has named it yet)`, change);
    const flag = this.flags().endpoints.find((other) => other.endpoint === endpoint);
    const body: EndpointBody = { endpoint, enabled: flag?.enabled ?? true, rollout: flag?.rollout ?? 100, seen };
    return json(200, body);
  }

  private setMember(member: string, text: string, change: () => void): TextAnswer {
    this.recorder.byHand(text, change);
    return json(200, this.member(member));
  }

  private flags(): StatusView['flags'] {
    return flagsView(this.fleet.status().flags);
  }

  private member(name: string): MemberView | undefined {
    const member = this.fleet.status().members.find((other) => other.name === name);
    return member && memberView(member);
  }

  /** @throws HttpProblem 404, 422 */
  private memberFor({ name, on }: Action, wanted: unknown): string | undefined {
    if (on === 'fleet') {
      if (wanted === undefined) return undefined;
      throw new HttpProblem(422, 'READFLEET_HTTP_BODY', `"${name}" acts on the fleet: leave out "member".`);
    }
    const members = this.fleet.status().members.filter(({ role }) => on === 'member' || role === on);
    const names = members.map((member) => member.name);
    if (on === 'primary' && wanted === undefined) return names[0];
    if (typeof wanted !== 'string') {
      throw new HttpProblem(
        422,
        'READFLEET_HTTP_BODY',
        `"${name}" acts on a ${on}: write e.g. { "member": "${names[0]}" }.`,
      );
    }
    if (names.includes(wanted)) return wanted;
    throw new HttpProblem(
      404,
      'READFLEET_NO_SUCH_MEMBER',
      `The fleet has no ${on} "${wanted}". It has: ${names.join(', ') || 'none'}.`,
    );
  }
}
